// The one way in which read models are filled, live and in a rebuild: follow the log from the
// checkpoint, book the events, write their rows. Delivery is at least once, the effect exactly once.
import { type ClientBase } from 'pg';
import { type RecordedEvent, decode } from '../../src/event-store/codec.js';
import {
  type CaughtUp,
  type EventStore,
  type StoredEvent,
} from '../../src/event-store/event-store.js';
import { LEDGER_STREAM_PREFIX } from '../../src/event-store/stream-names.js';
import { type Books, book, emptyBooks } from '../books/books.js';
import { fetchBooks } from '../books/stored-books.js';
import { READ_MODELS } from '../registry.js';
import { batchesOf } from './batches.js';
import { type Checkpoint, advanced, readCheckpoint } from './checkpoint.js';
import { schemaOf, TABLES } from './generations.js';
import { assertSameLog } from './same-log.js';
import { type RowChange } from './table.js';
import { CheckpointMoved, batchWriter } from './write-batch.js';

/** Events that one transaction applies at most. */
export const BATCH_EVENTS_MAX = 1_000;

export interface FollowOptions {
  readonly store: EventStore;
  /** A connection that nobody else uses meanwhile. */
  readonly database: ClientBase;
  readonly generation: number;
  readonly signal: AbortSignal;
}

export interface Progress {
  readonly checkpoint: Checkpoint;
  /** Events applied by the last transaction. */
  readonly applied: number;
  /** Everything that was in the log when following began has been applied. */
  readonly caughtUp: boolean;
}

/**
 * Yields after every transaction, for as long as the signal allows. Throws CheckpointMoved when somebody
 * else writes the generation (begin again), InvariantViolation or UnreadableEvent when an event cannot be
 * applied: all before it is applied by then, and beginning again would stop at the same place.
 */
export async function* follow(options: FollowOptions): AsyncGenerator<Progress> {
  const { store, database, generation, signal } = options;
  let checkpoint = await readCheckpoint(database, generation);
  if (!checkpoint) throw new CheckpointMoved(`generation ${generation} is gone`);
  await assertSameLog(store, checkpoint);
  const schema = schemaOf(generation);
  const writer = batchWriter(schema, TABLES);
  const books = emptyBooks();
  const after = checkpoint.last?.position;
  const subscribe = (inner: AbortSignal) =>
    store.subscribe({ streamPrefix: LEDGER_STREAM_PREFIX, after, signal: inner });
  let caughtUp = false;
  for await (const messages of batchesOf(subscribe, { max: BATCH_EVENTS_MAX, signal })) {
    const { events, unreadable } = decoded(freshEvents(messages, checkpoint));
    await fetchBooks(database, schema, books, events);
    const { changes, applied, failure } = booked(books, events);
    const last = applied.at(-1);
    if (last) {
      const to = advanced(checkpoint, last, applied.length);
      await writer.write(database, changes, { from: checkpoint, to });
      checkpoint = to;
    }
    const stopped = failure ?? unreadable;
    if (stopped) throw stopped.error;
    caughtUp ||= messages.some((message) => 'kind' in message);
    yield { checkpoint, applied: applied.length, caughtUp };
  }
}

interface Failure {
  readonly error: unknown;
}

// What is at or before the checkpoint was applied with it, and is only delivered again.
function freshEvents(
  messages: readonly (StoredEvent | CaughtUp)[],
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

// Events before one that cannot be booked count all the same.
function booked(
  books: Books,
  events: readonly RecordedEvent[],
): { changes: RowChange[]; applied: RecordedEvent[]; failure: Failure | undefined } {
  const changes: RowChange[] = [];
  const applied: RecordedEvent[] = [];
  for (const recorded of events) {
    try {
      const booking = book(books, recorded);
      for (const { project } of READ_MODELS) changes.push(...project(booking));
      applied.push(recorded);
    } catch (error) {
      return { changes, applied, failure: { error } };
    }
  }
  return { changes, applied, failure: undefined };
}
