// Takes the log up, event by event, for whoever folds it, and holds it against its own order. A ledger is
// followed until something in it cannot be: what comes after that is told to be unverified.
import { type RecordedEvent, decode } from '../../src/event-store/codec.js';
import {
  type EventStore,
  EventStoreUnavailable,
  type StoredEvent,
} from '../../src/event-store/event-store.js';
import { ledgerOfStream } from '../../src/event-store/stream-names.js';
import { type Finding, findingAt } from './finding.js';
import { CHAIN_START, type ChainEnd, checkLink } from './log/chain.js';
import { TransferHistories, type TransferHistory } from './transfer-histories.js';

/** Somebody who folds events. What it throws says why the ledger cannot be followed any further. */
export type Fold = (recorded: RecordedEvent, history: TransferHistory | undefined) => void;

interface Lane {
  end: ChainEnd;
  /** An event is missing, or cannot be read: nothing after it is folded. */
  isBroken: boolean;
  /** The folds that go on. */
  readonly following: Set<Fold>;
}

export interface FoldLogOptions {
  readonly store: EventStore;
  readonly folds: readonly Fold[];
  readonly tell: (finding: Finding) => void;
}

export class FoldLog {
  private readonly lanes = new Map<string, Lane>();
  private readonly histories: TransferHistories;
  /** Events taken up. */
  events = 0;

  constructor(private readonly options: FoldLogOptions) {
    this.histories = new TransferHistories(options.store);
  }

  /** Where the ledger has been read up to. */
  endOf(ledger: string): ChainEnd {
    return this.lanes.get(ledger)?.end ?? CHAIN_START;
  }

  /** Takes events up in the order of the log. Throws EventStoreUnavailable. */
  async take(stored: readonly StoredEvent[]): Promise<void> {
    const events = stored.flatMap((event) => this.linked(event) ?? []);
    await this.histories.prepare(events);
    for (const recorded of events) await this.fold(recorded);
    this.events += stored.length;
  }

  /** The event, when its ledger can be followed up to it. */
  private linked(stored: StoredEvent): RecordedEvent | undefined {
    const ledger = ledgerOfStream(stored.stream);
    const lane = this.laneOf(ledger);
    const { next, discrepancies } = checkLink(lane.end, stored);
    const { revision, id } = stored;
    for (const discrepancy of discrepancies) {
      this.options.tell(findingAt('log', { ledger, revision, id }, discrepancy));
    }
    const isNext = revision === lane.end.revision + 1;
    lane.end = next;
    lane.isBroken ||= !isNext || discrepancies.some(({ what }) => what === 'schema');
    return lane.isBroken ? undefined : decode(stored);
  }

  private laneOf(ledger: string): Lane {
    const known = this.lanes.get(ledger);
    if (known) return known;
    const following = new Set(this.options.folds);
    const lane = { end: CHAIN_START, isBroken: false, following };
    this.lanes.set(ledger, lane);
    return lane;
  }

  private async fold(recorded: RecordedEvent): Promise<void> {
    const { following } = this.laneOf(recorded.ledger);
    try {
      const history = await this.histories.actedOnBy(recorded);
      for (const fold of following) this.foldInto(fold, recorded, history);
      for (const id of this.histories.remember(recorded)) {
        const found = `${id}, decided before`;
        const twice = { what: 'id', expected: 'one that is decided for the first time', found };
        this.options.tell(findingAt('books', recorded, twice));
      }
    } catch (error) {
      if (error instanceof EventStoreUnavailable) throw error;
      following.clear();
      this.tellStop(recorded, error);
    }
  }

  private foldInto(fold: Fold, recorded: RecordedEvent, history: TransferHistory | undefined) {
    try {
      fold(recorded, history);
    } catch (error) {
      this.laneOf(recorded.ledger).following.delete(fold);
      this.tellStop(recorded, error);
    }
  }

  private tellStop(recorded: RecordedEvent, error: unknown): void {
    const found = error instanceof Error ? error.message : String(error);
    const expected = 'an event that can follow';
    const what = 'the books up to here; what comes after is not verified';
    this.options.tell(findingAt('books', recorded, { what, expected, found }));
  }
}
