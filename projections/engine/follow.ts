// The one way in which read models are filled, live and in a rebuild: follow the log from the
// checkpoint, book the events, write their rows. Delivery is at least once, the effect exactly once.
import { type ClientBase } from 'pg';
import { type RecordedEvent, decode } from '../../src/event-store/codec.js';
import {
  type EventStore,
  type JsonObject,
  type StoredEvent,
  type SubscriptionMessage,
} from '../../src/event-store/event-store.js';
import { LEDGER_STREAM_PREFIX } from '../../src/event-store/stream-names.js';
import { book } from '../books/books.js';
import { fetchBooks } from '../books/stored-books.js';
import { type Books, emptyBooks } from '../books/touched.js';
import { READ_MODELS } from '../registry.js';
import { batchesOf } from './batches.js';
import {
  type Checkpoint,
  CheckpointMoved,
  advanced,
  lookedUpTo,
  readCheckpoint,
} from './checkpoint.js';
import { LEASE_SIGN_MS } from './connection.js';
import { schemaOf, TABLES } from './generations.js';
import { assertSameLog } from './same-log.js';
import { type RowChange } from './table.js';
import { batchWriter } from './write-batch.js';

/** What is taken up at a time: so many legs, of which most transfers have one. Bounds the memory too. */
const BATCH_LEGS_MAX = 1_000;
/** A transaction is closed once it changes so many rows; the largest batch of transfers adds as many. */
const TRANSACTION_ROWS_MAX = 20_000;

export interface FollowOptions {
  readonly store: EventStore;
  /** A connection that nobody else uses meanwhile. */
  readonly database: ClientBase;
  readonly generation: number;
  /** Under which it was taken over; the one that is found when absent. */
  readonly epoch?: number;
  readonly signal: AbortSignal;
}

export interface Progress {
  readonly checkpoint: Checkpoint;
  /** Everything that was in the log when following began has been applied. */
  readonly caughtUp: boolean;
}

/**
 * Yields after every batch, and every LEASE_SIGN_MS when there is none, for as long as the signal allows.
 * Throws CheckpointMoved when somebody
 * else writes the generation (begin again), InvariantViolation or UnreadableEvent when an event cannot be
 * applied: all before it is applied by then, and beginning again would stop at the same place.
 */
export async function* follow(options: FollowOptions): AsyncGenerator<Progress> {
  const { store, database, generation, signal } = options;
  let checkpoint = await beginning(options);
  const schema = schemaOf(generation);
  const writer = batchWriter(schema, TABLES);
  const books = emptyBooks();
  const { last: after, scanned } = checkpoint;
  const subscribe = (inner: AbortSignal) =>
    store.subscribe({ streamPrefix: LEDGER_STREAM_PREFIX, after, scanned, signal: inner });
  const limits = { max: BATCH_LEGS_MAX, weightOf, silenceMs: LEASE_SIGN_MS, signal };
  let caughtUp = false;
  for await (const messages of batchesOf(subscribe, limits)) {
    const { events, unreadable } = decoded(freshEvents(messages, checkpoint));
    await fetchBooks({ database, schema, books, checkpoint }, events);
    for (let rest = events; rest.length > 0;) {
      const { changes, applied, last, failure } = booked(books, rest);
      if (last) {
        const to = advanced(checkpoint, last, applied);
        await writer.write(database, changes, { from: checkpoint, to });
        checkpoint = to;
      }
      if (failure) throw failure.error;
      rest = rest.slice(applied);
    }
    if (unreadable) throw unreadable.error;
    const to = messages.filter((message) => 'position' in message).reduce(lookedUpTo, checkpoint);
    if (to !== checkpoint) await writer.write(database, [], { from: checkpoint, to });
    checkpoint = to;
    caughtUp ||= messages.some((message) => 'kind' in message && message.kind === 'caught-up');
    yield { checkpoint, caughtUp };
  }
}

async function beginning({ store, database, generation, epoch }: FollowOptions) {
  const checkpoint = await readCheckpoint(database, generation);
  if (!checkpoint) throw new CheckpointMoved(`generation ${generation} is gone`);
  if (epoch !== undefined && epoch !== checkpoint.epoch) {
    throw new CheckpointMoved(`generation ${generation} was taken over by another projector`);
  }
  await assertSameLog(store, checkpoint);
  return checkpoint;
}

interface Failure {
  readonly error: unknown;
}

function weightOf(message: SubscriptionMessage): number {
  if ('kind' in message) return 1;
  const { legs, transfers } = message.data;
  if (!Array.isArray(transfers)) return legCount(legs);
  const counts = (transfers as JsonObject[]).map((transfer) => legCount(transfer['legs']));
  return counts.reduce((sum, count) => sum + count, 0);
}

function legCount(legs: unknown): number {
  return Array.isArray(legs) ? legs.length : 1;
}

// What is at or before the checkpoint was applied with it, and is only delivered again.
function freshEvents(
  messages: readonly SubscriptionMessage[],
  { last }: Checkpoint,
): StoredEvent[] {
  let seen = last?.position ?? -1n;
  return messages.filter((message): message is StoredEvent => {
    if ('kind' in message || message.position <= seen) return false;
    seen = message.position;
    return true;
  });
}

function decoded(stored: readonly StoredEvent[]): {
  events: RecordedEvent[];
  unreadable: Failure | undefined;
} {
  const events: RecordedEvent[] = [];
  for (const event of stored) {
    try {
      events.push(decode(event));
    } catch (error) {
      return { events, unreadable: { error } };
    }
  }
  return { events, unreadable: undefined };
}

interface Booked {
  readonly changes: RowChange[];
  /** How many events, from the first on, and the last of them. */
  readonly applied: number;
  readonly last: RecordedEvent | undefined;
  readonly failure: Failure | undefined;
}

// As many events as make a transaction of sensible size. Those before one that cannot be booked count.
function booked(books: Books, events: readonly RecordedEvent[]): Booked {
  const changes: RowChange[] = [];
  let applied = 0;
  let failure: Failure | undefined;
  while (applied < events.length && changes.length < TRANSACTION_ROWS_MAX && !failure) {
    try {
      const booking = book(books, events[applied] as RecordedEvent);
      for (const { project } of READ_MODELS) changes.push(...project(booking));
      applied += 1;
    } catch (error) {
      failure = { error };
    }
  }
  return { changes, applied, last: events[applied - 1], failure };
}
