// Books events ahead of what is written: on top of what it booked before, whether or not that is stored by
// now. An event that cannot be applied parks its ledger, together with whatever could be applied before it.
import { type ClientBase } from 'pg';
import { type RecordedEvent, decode } from '../../src/event-store/codec.js';
import { type EventAt, type StoredEvent } from '../../src/event-store/event-store.js';
import { type BooksSource } from '../books/books-source.js';
import { book } from '../books/books.js';
import { fetchBooks, forgetStored } from '../books/stored-books.js';
import { type Books, type Touches, emptyBooks, touchesOf } from '../books/touched.js';
import { READ_MODELS } from '../registry.js';
import { type Checkpoint, advanced, beganWith, lookedUpTo } from './checkpoint.js';
import { schemaOf } from './generations.js';
import { type GatheredRows, NO_ROWS, gathered } from './gathered-rows.js';
import { type Parking, isContradiction, laneOf, parking } from './lanes.js';
import { type RowChange } from './table.js';

/** Booked to be written together: so many rows. The largest batch of transfers adds as many. */
const BOOKED_ROWS_MAX = 20_000;

/** What events come to that are written together. */
export interface Booked {
  /** How many events, those of parked ledgers included. */
  readonly events: number;
  readonly rows: GatheredRows;
  /** How many rows were changed, which may well be fewer rows to be written. */
  readonly changes: number;
  readonly parked: readonly Parking[];
  readonly to: Checkpoint;
}

export interface BookerOptions {
  /** Asked for what was stored before. */
  readonly database: ClientBase;
  /** From where on events are booked. */
  readonly checkpoint: Checkpoint;
  /** Ledgers of which nothing is applied. */
  readonly parked: ReadonlySet<string>;
}

/** An event as it was delivered, and what it says or why that cannot be told. */
interface Delivered {
  readonly stored: StoredEvent;
  readonly lane: string;
  readonly said: Said | undefined;
  readonly unreadable: unknown;
}

interface Said {
  readonly recorded: RecordedEvent;
  readonly touches: Touches;
}

export class Booker {
  private readonly database: ClientBase;
  private readonly schema: string;
  private readonly parked: Set<string>;
  private readonly books: Books = emptyBooks();
  private current: Checkpoint;
  private stored: Checkpoint | undefined;

  constructor({ database, checkpoint, parked }: BookerOptions) {
    this.database = database;
    this.schema = schemaOf(checkpoint.generation);
    this.current = checkpoint;
    this.parked = new Set(parked);
  }

  /** As it is to be once everything booked is written. */
  get checkpoint(): Checkpoint {
    return this.current;
  }

  /**
   * Books events, in their order, that were not booked before.
   * @param stored the checkpoint as it was written last: what is not needed beyond it is forgotten.
   * Throws CheckpointMoved when somebody else writes the generation, or what Postgres says.
   */
  async book(events: readonly StoredEvent[], stored: Checkpoint): Promise<Booked[]> {
    const queue = events.map(delivered);
    await this.fetch(queue, stored);
    const booked: Booked[] = [];
    while (queue.length > 0) booked.push(this.bookSome(queue));
    return booked;
  }

  /** Everything up to these events was looked at, though they lead to no rows. */
  lookedUpTo(events: readonly EventAt[]): Booked {
    for (const event of events) this.current = lookedUpTo(this.current, event);
    return { events: 0, rows: NO_ROWS, changes: 0, parked: [], to: this.current };
  }

  private async fetch(queue: Delivered[], stored: Checkpoint): Promise<void> {
    const { database, schema, books } = this;
    const source = { database, schema, books, checkpoint: stored };
    if (stored !== this.stored) forgetStored(books, stored.scanned?.position ?? -1n);
    this.stored = stored;
    const wanted = queue.flatMap(({ lane, said }) =>
      said && !this.parked.has(lane) ? [said.touches] : [],
    );
    try {
      await fetchBooks(source, wanted);
    } catch (error) {
      if (!isContradiction(error)) throw error;
      // Postgres does not say for which event it cannot even look: each by itself tells.
      for (const [place, one] of queue.entries()) queue[place] = await fetchedAlone(source, one);
    }
  }

  // As many events as make a transaction of sensible size; takes them from the queue.
  private bookSome(queue: Delivered[]): Booked {
    const changes: RowChange[] = [];
    const parked: Parking[] = [];
    let taken = 0;
    for (const { stored, lane, said, unreadable } of queue) {
      if (changes.length >= BOOKED_ROWS_MAX) break;
      taken += 1;
      this.current = passed(this.current, stored);
      if (this.parked.has(lane)) continue;
      try {
        if (!said) throw unreadable;
        for (const change of rowsOf(this.books, said.recorded)) changes.push(change);
        this.current = advanced(this.current, said.recorded);
      } catch (error) {
        this.parked.add(lane);
        parked.push(parking(stored, error));
      }
    }
    queue.splice(0, taken);
    const rows = gathered(changes);
    return { events: taken, rows, changes: changes.length, parked, to: this.current };
  }
}

function delivered(stored: StoredEvent): Delivered {
  const lane = laneOf(stored);
  try {
    const recorded = decode(stored);
    // Asked here already, so that an event that does not even tell what it touches stands alone.
    const said = { recorded, touches: touchesOf(recorded) };
    return { stored, lane, said, unreadable: undefined };
  } catch (unreadable) {
    return { stored, lane, said: undefined, unreadable };
  }
}

async function fetchedAlone(source: BooksSource, one: Delivered): Promise<Delivered> {
  try {
    await fetchBooks(source, one.said ? [one.said.touches] : []);
    return one;
  } catch (error) {
    if (!isContradiction(error)) throw error;
    return { ...one, said: undefined, unreadable: error };
  }
}

/** The checkpoint after an event was looked at, whatever became of it. */
export function passed(checkpoint: Checkpoint, event: StoredEvent): Checkpoint {
  return lookedUpTo(beganWith(checkpoint, event), event);
}

// All rows of an event or none: an event that a read model stumbles on has none in any.
function rowsOf(books: Books, recorded: RecordedEvent): readonly RowChange[] {
  const booking = book(books, recorded);
  return READ_MODELS.flatMap(({ project }) => project(booking));
}
