// What the log says of transfers, for events that act on one long decided. Where each was decided and
// acted on last is remembered, packed; the events themselves only of late, and read again when needed.
import { randomBytes } from 'node:crypto';
import { PackedRevisions } from '../../src/domain/ledger/packed-revisions.js';
import { type RecordedEvent, decode } from '../../src/event-store/codec.js';
import { type EventStore } from '../../src/event-store/event-store.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { keyIn, transferTouched } from '../books/touched.js';

/** The event that decided a transfer, and the last one that acted on it. */
export interface TransferHistory {
  readonly decided: RecordedEvent;
  readonly lastAct: RecordedEvent | undefined;
}

/** Of transfers that something may soon act on again: once so many are kept, those before are let go. */
const HISTORIES_KEPT_MAX = 5_000;
/** Reads under way at once. */
const READS_MAX = 16;

interface Places {
  readonly decided: PackedRevisions;
  readonly acted: PackedRevisions;
}

export class TransferHistories {
  private readonly places = new Map<string, Places>();
  /** Of those in which something is held, or that were acted on: the latest, and those before them. */
  private recent = new Map<string, TransferHistory>();
  private older = new Map<string, TransferHistory>();
  /** Of all that were decided since the last preparation. */
  private readonly fresh = new Map<string, TransferHistory>();

  constructor(private readonly store: EventStore) {}

  /** Reads what these events will ask for, and what is known by now, several at once. */
  async prepare(events: readonly RecordedEvent[]): Promise<void> {
    this.fresh.clear();
    const wanted = events.filter((recorded) => {
      const id = transferTouched(recorded);
      return id !== undefined && !this.kept(keyIn(recorded.ledger, id));
    });
    for (let first = 0; first < wanted.length; first += READS_MAX) {
      await Promise.all(
        wanted.slice(first, first + READS_MAX).map((recorded) => this.actedOnBy(recorded)),
      );
    }
  }

  /** Of the transfer that an event acts on; undefined when it acts on none, or on one that is unknown. */
  async actedOnBy(recorded: RecordedEvent): Promise<TransferHistory | undefined> {
    const id = transferTouched(recorded);
    if (id === undefined) return undefined;
    const key = keyIn(recorded.ledger, id);
    const known = this.kept(key);
    if (known) return known;
    const places = this.places.get(recorded.ledger);
    const decidedAt = places?.decided.get(id);
    if (decidedAt === undefined) return undefined;
    const decided = await this.read(recorded.ledger, decidedAt);
    if (!decided) return undefined;
    const actedAt = places?.acted.get(id);
    const lastAct = actedAt === undefined ? undefined : await this.read(recorded.ledger, actedAt);
    const history = { decided, lastAct };
    this.keep(key, history);
    return history;
  }

  /** To be told of every event once it was folded. Returns the ids that were decided before. */
  remember(recorded: RecordedEvent): string[] {
    const { ledger, revision } = recorded;
    const { decided, acted } = this.placesOf(ledger);
    const again = decidedIds(recorded).filter((id) => {
      const isKnown = decided.get(id) !== undefined;
      if (!isKnown) decided.set(id, revision);
      return isKnown;
    });
    const holds = mayHold(recorded);
    for (const id of transferIds(recorded)) {
      const history = { decided: recorded, lastAct: undefined };
      if (holds) this.keep(keyIn(ledger, id), history);
      else this.fresh.set(keyIn(ledger, id), history);
    }
    const id = transferTouched(recorded);
    const before = id === undefined ? undefined : this.kept(keyIn(ledger, id));
    if (id === undefined || !before) return again;
    acted.set(id, revision);
    this.keep(keyIn(ledger, id), { ...before, lastAct: recorded });
    return again;
  }

  private placesOf(ledger: string): Places {
    const known = this.places.get(ledger);
    if (known) return known;
    const bytes = randomBytes(8);
    const key = [bytes.readUInt32LE(0), bytes.readUInt32LE(4)] as const;
    const places = { decided: new PackedRevisions(key), acted: new PackedRevisions(key) };
    this.places.set(ledger, places);
    return places;
  }

  private kept(key: string): TransferHistory | undefined {
    return this.recent.get(key) ?? this.older.get(key) ?? this.fresh.get(key);
  }

  private keep(key: string, history: TransferHistory): void {
    this.recent.set(key, history);
    if (this.recent.size < HISTORIES_KEPT_MAX) return;
    this.older = this.recent;
    this.recent = new Map();
  }

  private async read(ledger: string, revision: number): Promise<RecordedEvent | undefined> {
    const place = { from: revision, limit: 1 };
    for await (const stored of this.store.readStream(ledgerStream(ledger), place)) {
      return decode(stored);
    }
    return undefined;
  }
}

/** Whatever an event decided for ever: transfers, batches and acts. */
function decidedIds({ event }: RecordedEvent): string[] {
  const { data } = event;
  const id = 'id' in data ? [data.id] : [];
  return event.type === 'BatchPosted'
    ? [...id, ...event.data.transfers.map((item) => item.id)]
    : id;
}

function mayHold({ event }: RecordedEvent): boolean {
  return event.type === 'TransferHeld' || event.type === 'BatchPosted';
}

function transferIds({ event }: RecordedEvent): string[] {
  switch (event.type) {
    case 'TransferPosted':
    case 'TransferHeld':
    case 'TransferRefused':
      return [event.data.id];
    case 'BatchPosted':
      return event.data.transfers.map(({ id }) => id);
    default:
      return [];
  }
}
