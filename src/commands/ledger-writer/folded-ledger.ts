// One ledger's stream, folded: the state at a known revision with the hash of the last event, and how
// to bring both up to the end of the log. Every event read is checked against the chain, so a log that
// was changed, or that went back in time, is noticed before anything is decided on it.
import { randomInt } from 'node:crypto';
import { setImmediate as othersHadTheirTurn } from 'node:timers/promises';
import { InvariantViolation } from '../../domain/errors.js';
import { type HashKey } from '../../domain/half-sip-hash.js';
import { type LedgerEvent } from '../../domain/ledger/events.js';
import { evolve } from '../../domain/ledger/evolve.js';
import { type SettledState, emptyLedger } from '../../domain/ledger/state.js';
import { type LedgerCommand } from '../../domain/ledger/decide.js';
import { transferToRecall } from '../../domain/ledger/recall.js';
import { type Transfer, transferFrom } from '../../domain/ledger/transfer.js';
import { decode } from '../../event-store/codec.js';
import {
  type EventStore,
  EventStoreUnavailable,
  type StoredEvent,
} from '../../event-store/event-store.js';
import { GENESIS_HASH, brokenLink } from '../../event-store/hash-chain.js';
import { ledgerStream } from '../../event-store/stream-names.js';
import { settlesWithin } from '../../platform/time-limit.js';
import { LedgerBusy } from './ledger-writers.js';
import { SnapshotKeeper } from './snapshot-keeper.js';
import { type Snapshots } from './snapshots.js';
import { TurnOrder } from './turn-order.js';

/** Recorded events whose revisions lie closer together than this are fetched with one read. */
const READ_GAP_MAX = 64;
/** How long a long history may be folded without letting other ledgers have their turn. */
const FOLD_SLICE_MS = 5;
/** How long callers wait until a ledger is read. */
const READING_PATIENCE_MS = 20_000;

const WORD = 2 ** 32;
const HASH_KEY: HashKey = [randomInt(WORD), randomInt(WORD)];

export class FoldedLedger {
  readonly stream: string;
  state: SettledState = emptyLedger(HASH_KEY);
  /** Hash of the last event folded. */
  hash = GENESIS_HASH;
  readonly turnOrder = new TurnOrder();
  readonly snapshot: SnapshotKeeper | undefined;
  private reading: Promise<ReadonlySet<string>> | undefined;

  /** Without `snapshots` the fold always begins with the first event. */
  constructor(
    readonly ledger: string,
    private readonly store: EventStore,
    snapshots?: Snapshots,
  ) {
    this.stream = ledgerStream(ledger);
    this.snapshot = snapshots && new SnapshotKeeper(this, snapshots);
  }

  /** What this process is called in the metadata of the events that it appends. */
  get writer(): string {
    return this.turnOrder.self;
  }

  /** Whether the fold is under way, for whomever: what it came to so far is nothing to decide on. */
  get isReading(): boolean {
    return this.reading !== undefined;
  }

  /** Resolves when there is a state to decide on, as new as it was last known. Throws as `catchUp`. */
  async ready(): Promise<void> {
    if (this.state.revision < 0 || this.isReading) await this.catchUp();
  }

  /**
   * Folds what was appended since, by whomever, and returns the ids of those events; no ids when nothing was
   * folded before. Throws EventStoreUnavailable; LedgerBusy when there is more to read than callers should
   * wait for, which then goes on without them. After any other error the state is empty again.
   */
  async catchUp(): Promise<ReadonlySet<string>> {
    if (this.reading) await this.patiently(this.reading);
    this.reading = this.read().finally(() => (this.reading = undefined));
    return this.patiently(this.reading);
  }

  private async patiently<T>(reading: Promise<T>): Promise<T> {
    if (await settlesWithin(READING_PATIENCE_MS, reading)) return reading;
    const events = this.state.revision + 1;
    throw new LedgerBusy(`ledger ${this.ledger} is being read, ${events} events so far`);
  }

  private async read(): Promise<ReadonlySet<string>> {
    const isNew = this.state.revision < 0;
    if (isNew) await this.loadSnapshot();
    const known = this.state.revision;
    const ids = new Set<string>();
    // The last event known is read again: if it is not there any more, the log is not the one folded.
    let knownIsThere = known < 0;
    let sliceEndsAt = performance.now() + FOLD_SLICE_MS;
    for await (const stored of this.store.readStream(this.stream, { from: Math.max(known, 0) })) {
      if (stored.revision === known) {
        knownIsThere = stored.metadata['hash'] === this.hash;
        continue;
      }
      if (!knownIsThere) break;
      this.fold(stored);
      if (!isNew) ids.add(stored.id);
      if (performance.now() < sliceEndsAt) continue;
      await othersHadTheirTurn();
      sliceEndsAt = performance.now() + FOLD_SLICE_MS;
    }
    if (knownIsThere) return ids;
    this.forget();
    throw this.logChanged(known);
  }

  /** The hash of the event that the log has at a revision. Throws EventStoreUnavailable. */
  async hashAt(revision: number): Promise<string | undefined> {
    for await (const stored of this.store.readStream(this.stream, { from: revision, limit: 1 })) {
      return String(stored.metadata['hash']);
    }
    return undefined;
  }

  /** The events at these revisions, which must have been folded. Throws EventStoreUnavailable. */
  async eventsAt(revisions: Iterable<number>): Promise<Map<number, LedgerEvent>> {
    const wanted = new Set(revisions);
    const events = new Map<number, LedgerEvent>();
    for (const { first, last } of rangesOf([...wanted].sort((a, b) => a - b))) {
      const range = { from: first, limit: last - first + 1 };
      for await (const stored of this.store.readStream(this.stream, range)) {
        if (wanted.has(stored.revision)) events.set(stored.revision, decode(stored).event);
      }
    }
    return events;
  }

  /**
   * The transfers that these commands act on and the state does not hold, as the log tells of them.
   * Throws EventStoreUnavailable.
   */
  async recall(commands: readonly LedgerCommand[]): Promise<readonly Transfer[]> {
    const recalls = commands.flatMap((command) => transferToRecall(this.state, command) ?? []);
    if (recalls.length === 0) return [];
    const events = await this.eventsAt(
      recalls.flatMap(({ decidedAt, actedAt }) => [
        decidedAt,
        ...(actedAt === undefined ? [] : [actedAt]),
      ]),
    );
    const eventAt = (revision: number): LedgerEvent => {
      const event = events.get(revision);
      if (event) return event;
      throw new EventStoreUnavailable(`revision ${revision} could not be read again`);
    };
    return recalls.flatMap(({ id, decidedAt, actedAt }) => {
      // Without its last act it would be as if nothing of it had been reversed yet.
      const lastAct = actedAt === undefined ? undefined : eventAt(actedAt);
      return transferFrom(id, eventAt(decidedAt), lastAct) ?? [];
    });
  }

  private async loadSnapshot(): Promise<void> {
    const state = emptyLedger(HASH_KEY);
    const head = await this.snapshot?.load(state);
    if (!head) return;
    this.state = state;
    this.hash = head.hash;
  }

  /** What cannot be folded leaves nothing behind that could be taken for the ledger. */
  private fold(stored: StoredEvent): void {
    try {
      this.foldNext(stored);
    } catch (error) {
      this.forget();
      throw error;
    }
    this.snapshot?.noteProgress();
  }

  private foldNext(stored: StoredEvent): void {
    if (stored.revision !== this.state.revision + 1) {
      throw new InvariantViolation(
        `${this.stream}@${stored.revision} came where ${this.state.revision + 1} was due`,
      );
    }
    const broken = brokenLink(this.hash, stored);
    if (broken !== undefined) throw new InvariantViolation(broken);
    const recorded = decode(stored);
    evolve(this.state, recorded.event);
    this.hash = recorded.metadata.hash;
    const { writer } = recorded.metadata;
    if (writer !== undefined) this.turnOrder.read(writer);
  }

  private forget(): void {
    this.state = emptyLedger(HASH_KEY);
    this.hash = GENESIS_HASH;
    this.snapshot?.forget();
  }

  private logChanged(revision: number): InvariantViolation {
    return new InvariantViolation(
      `${this.stream}@${revision} is no longer in the log, or is another event: the event store was ` +
        'restored from an older copy or replaced while Daybook was running',
    );
  }
}

interface RevisionRange {
  readonly first: number;
  readonly last: number;
}

function rangesOf(sorted: readonly number[]): RevisionRange[] {
  const ranges: RevisionRange[] = [];
  for (const revision of sorted) {
    const open = ranges.at(-1);
    if (open && revision - open.last <= READ_GAP_MAX) {
      ranges[ranges.length - 1] = { first: open.first, last: revision };
    } else {
      ranges.push({ first: revision, last: revision });
    }
  }
  return ranges;
}
