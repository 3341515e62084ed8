// Applies events to a generation: books them, and writes their rows with the checkpoint. An event that
// cannot be applied parks its ledger, together with whatever could be applied before it.
import { type ClientBase } from 'pg';
import { type RecordedEvent, decode } from '../../src/event-store/codec.js';
import { type EventAt, type StoredEvent } from '../../src/event-store/event-store.js';
import { book } from '../books/books.js';
import { fetchBooks } from '../books/stored-books.js';
import { type Books, addressesTouched, emptyBooks, transferTouched } from '../books/touched.js';
import { READ_MODELS } from '../registry.js';
import { type Checkpoint, advanced, beganWith, lookedUpTo } from './checkpoint.js';
import { schemaOf, TABLES } from './generations.js';
import {
  type LaneChanges,
  NO_LANE_CHANGES,
  type Parking,
  isContradiction,
  laneOf,
  parking,
} from './lanes.js';
import { type RowChange } from './table.js';
import { type BatchWriter, batchWriter } from './write-batch.js';

/** A transaction is closed once it changes so many rows; the largest batch of transfers adds as many. */
const TRANSACTION_ROWS_MAX = 20_000;

export interface ApplierOptions {
  /** A connection that nobody else uses meanwhile. */
  readonly database: ClientBase;
  readonly checkpoint: Checkpoint;
  /** Ledgers of which nothing is applied. */
  readonly parked: ReadonlySet<string>;
}

/** An event as it was delivered, and what it says or why that cannot be told. */
interface Delivered {
  readonly stored: StoredEvent;
  readonly lane: string;
  readonly recorded: RecordedEvent | undefined;
  readonly unreadable: unknown;
}

/** What some of the events delivered come to. */
interface Booked {
  readonly changes: readonly RowChange[];
  /** How many were taken, from the first on, those of parked ledgers included. */
  readonly taken: number;
  readonly to: Checkpoint;
  readonly parked: readonly Parking[];
}

export class Applier {
  private readonly database: ClientBase;
  private readonly schema: string;
  private readonly writer: BatchWriter;
  private readonly parked: Set<string>;
  private books: Books = emptyBooks();
  private current: Checkpoint;

  constructor({ database, checkpoint, parked }: ApplierOptions) {
    this.database = database;
    this.current = checkpoint;
    this.parked = new Set(parked);
    this.schema = schemaOf(checkpoint.generation);
    this.writer = batchWriter(this.schema, TABLES);
  }

  /** As it was written last. */
  get checkpoint(): Checkpoint {
    return this.current;
  }

  isParked(lane: string): boolean {
    return this.parked.has(lane);
  }

  /**
   * Applies events, in their order, that were not applied before. Throws CheckpointMoved when somebody
   * else writes the generation, or what Postgres says when that has nothing to do with these events.
   */
  async apply(events: readonly StoredEvent[]): Promise<void> {
    const queue = events.map(delivered);
    try {
      await this.applyTogether(queue);
    } catch (error) {
      if (!isContradiction(error)) throw error;
      // Postgres does not say which event it objects to: each by itself tells.
      for (const one of queue.splice(0)) await this.applyAlone(one);
    }
  }

  /** Notes that everything up to these events was looked at, though they lead to no rows. */
  async lookedUpTo(events: readonly EventAt[]): Promise<void> {
    const to = events.reduce((checkpoint, event) => lookedUpTo(checkpoint, event), this.current);
    if (to !== this.current) await this.write([], to, NO_LANE_CHANGES);
  }

  /** Lets a lane go on with the others: everything of it that was looked at has been applied. */
  async resume(lane: string): Promise<void> {
    await this.write([], this.current, { parked: [], resumed: [lane] });
  }

  // Takes from the queue what was written, so that the rest is what was not.
  private async applyTogether(queue: Delivered[]): Promise<void> {
    const { database, schema, books, current: checkpoint } = this;
    const events = queue.flatMap(({ lane, recorded }) =>
      recorded && !this.parked.has(lane) ? [recorded] : [],
    );
    await fetchBooks({ database, schema, books, checkpoint }, events);
    while (queue.length > 0) {
      const { changes, taken, to, parked } = this.booked(queue);
      await this.write(changes, to, { parked, resumed: [] });
      queue.splice(0, taken);
    }
  }

  private async applyAlone(one: Delivered): Promise<void> {
    // What was booked but not written must not be built upon.
    this.books = emptyBooks();
    try {
      await this.applyTogether([one]);
    } catch (error) {
      if (!isContradiction(error)) throw error;
      this.books = emptyBooks();
      const parked = [parking(one.stored, error)];
      await this.write([], passed(this.current, one.stored), { parked, resumed: [] });
    }
  }

  // As many events as make a transaction of sensible size.
  private booked(queue: readonly Delivered[]): Booked {
    const changes: RowChange[] = [];
    const parked = new Map<string, Parking>();
    let to = this.current;
    let taken = 0;
    for (const { stored, lane, recorded, unreadable } of queue) {
      if (changes.length >= TRANSACTION_ROWS_MAX) break;
      taken += 1;
      to = passed(to, stored);
      if (this.parked.has(lane) || parked.has(lane)) continue;
      try {
        if (!recorded) throw unreadable;
        changes.push(...rowsOf(this.books, recorded));
        to = advanced(to, recorded);
      } catch (error) {
        parked.set(lane, parking(stored, error));
      }
    }
    return { changes, taken, to, parked: [...parked.values()] };
  }

  private async write(
    changes: readonly RowChange[],
    to: Checkpoint,
    lanes: LaneChanges,
  ): Promise<void> {
    await this.writer.write(this.database, changes, { from: this.current, to, lanes });
    this.current = to;
    for (const { ledger } of lanes.parked) this.parked.add(ledger);
    for (const ledger of lanes.resumed) this.parked.delete(ledger);
  }
}

function delivered(stored: StoredEvent): Delivered {
  const lane = laneOf(stored);
  try {
    const recorded = decode(stored);
    // Asked here already, so that an event that does not even tell what it touches stands alone.
    assertTells(recorded);
    return { stored, lane, recorded, unreadable: undefined };
  } catch (unreadable) {
    return { stored, lane, recorded: undefined, unreadable };
  }
}

/** Throws TypeError. */
function assertTells(recorded: RecordedEvent): void {
  addressesTouched(recorded);
  transferTouched(recorded);
}

function passed(checkpoint: Checkpoint, event: StoredEvent): Checkpoint {
  return lookedUpTo(beganWith(checkpoint, event), event);
}

// All rows of an event or none: an event that a read model stumbles on has none in any.
function rowsOf(books: Books, recorded: RecordedEvent): readonly RowChange[] {
  const booking = book(books, recorded);
  return READ_MODELS.flatMap(({ project }) => project(booking));
}
