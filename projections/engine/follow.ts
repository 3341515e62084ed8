// The one way in which read models are filled, live and in a rebuild: follow the log from the
// checkpoint, book the events, write their rows. Delivery is at least once, the effect exactly once.
import { type ClientBase } from 'pg';
import {
  type EventStore,
  type JsonObject,
  LogChanged,
  type Position,
  type StoredEvent,
  type SubscriptionMessage,
} from '../../src/event-store/event-store.js';
import { LEDGER_STREAM_PREFIX } from '../../src/event-store/stream-names.js';
import { Applier } from './applier.js';
import { batchesOf } from './batches.js';
import { type Booked } from './booker.js';
import { type Checkpoint, CheckpointMoved, readCheckpoint } from './checkpoint.js';
import { LEASE_SIGN_MS } from './connection.js';
import { readParkedLanes } from './lanes.js';
import { assertSameLog } from './same-log.js';

/** What is booked at a time: so many legs, of which most transfers have one. */
const BOOKED_LEGS_MAX = 1_000;
/** Of a log that is there already, so many are booked at a time, and so many rows written together. */
const BACKLOG_LEGS = 250;
const BACKLOG_ROWS = 16_000;
/** What is booked ahead: so many rows. Bounds the memory too. */
const AHEAD_ROWS_MAX = BACKLOG_ROWS;

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

/** Events that were booked, and whether they end the log that was there already. */
interface Ahead {
  readonly booked: Booked;
  readonly caughtUp: boolean;
}

/**
 * Yields after every transaction, and every LEASE_SIGN_MS when there is none, for as long as the signal
 * allows. While one is written, what comes next is read and booked. Parks the ledgers with events that
 * cannot be applied. Throws CheckpointMoved when somebody else writes the generation: begin again;
 * AnotherLog when it was filled from another log than this.
 */
export async function* follow(options: FollowOptions): AsyncGenerator<Progress> {
  const { store, database, generation, signal } = options;
  const checkpoint = await beginning(options);
  const parked = await readParkedLanes(database, generation);
  const applier = new Applier({ database, checkpoint, parked });
  try {
    for (;;) {
      const refused = yield* write(applier, { store, signal });
      if (refused === undefined) return;
      yield* writeApart(applier, { store, signal }, refused);
    }
  } catch (error) {
    // Says what the store cannot know: what is missing, and what to do.
    if (error instanceof LogChanged) await assertSameLog(store, applier.checkpoint);
    throw error;
  }
}

type Source = Pick<FollowOptions, 'store' | 'signal'>;

// Undefined at the end; otherwise how far Postgres objects to what was booked: the log tells of it again.
async function* write(
  applier: Applier,
  source: Source,
): AsyncGenerator<Progress, Position | undefined> {
  let caughtUp = false;
  const limits = {
    max: AHEAD_ROWS_MAX,
    weightOf: rowsOf,
    enough: () => (caughtUp ? 0 : BACKLOG_ROWS),
    silenceMs: LEASE_SIGN_MS,
    signal: source.signal,
  };
  const book = (signal: AbortSignal) => bookAhead(applier, { ...source, signal });
  for await (const ahead of batchesOf(book, limits)) {
    const isWritten = await applier.applyBooked(ahead.map(({ booked }) => booked));
    if (!isWritten) return ahead.at(-1)?.booked.to.scanned?.position;
    caughtUp ||= ahead.some((each) => each.caughtUp);
    yield { checkpoint: applier.checkpoint, caughtUp };
  }
  return undefined;
}

// So few events at a time that they can be kept until it is known which of them is objected to.
async function* writeApart(
  applier: Applier,
  source: Source,
  upTo: Position,
): AsyncGenerator<Progress> {
  const limits = {
    max: BACKLOG_LEGS,
    weightOf: legsOf,
    silenceMs: LEASE_SIGN_MS,
    signal: source.signal,
  };
  for await (const messages of batchesOf(messagesOf(applier, source.store), limits)) {
    await applier.apply(freshEvents(messages, applier.checkpoint));
    yield { checkpoint: applier.checkpoint, caughtUp: false };
    const isThere = (applier.checkpoint.scanned?.position ?? -1n) >= upTo;
    if (isThere || messages.some(isCaughtUp)) return;
  }
}

/** What the log says behind the checkpoint. */
function messagesOf({ checkpoint }: Applier, store: EventStore) {
  const { last: after, scanned } = checkpoint;
  return (signal: AbortSignal) =>
    store.subscribe({ streamPrefix: LEDGER_STREAM_PREFIX, after, scanned, signal });
}

async function* bookAhead(applier: Applier, { store, signal }: Source): AsyncGenerator<Ahead> {
  const { booker } = applier;
  let caughtUp = false;
  const limits = {
    max: BOOKED_LEGS_MAX,
    weightOf: legsOf,
    enough: () => (caughtUp ? 0 : BACKLOG_LEGS),
    silenceMs: LEASE_SIGN_MS,
    signal,
  };
  for await (const messages of batchesOf(messagesOf(applier, store), limits)) {
    const events = freshEvents(messages, booker.checkpoint);
    for (const booked of await booker.book(events, applier.checkpoint)) {
      yield { booked, caughtUp: false };
    }
    const isEnd = messages.some(isCaughtUp);
    caughtUp ||= isEnd;
    const booked = booker.lookedUpTo(messages.filter((message) => 'position' in message));
    yield { booked, caughtUp: isEnd };
  }
}

function isCaughtUp(message: SubscriptionMessage): boolean {
  return 'kind' in message && message.kind === 'caught-up';
}

// The end of what was there is not to wait for more.
function rowsOf({ booked, caughtUp }: Ahead): number {
  return caughtUp ? BACKLOG_ROWS : 1 + booked.changes;
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

// Whatever is damaged still has some weight.
function legsOf(message: SubscriptionMessage): number {
  if ('kind' in message) return isCaughtUp(message) ? BACKLOG_LEGS : 1;
  const { legs, transfers } = message.data;
  if (!Array.isArray(transfers)) return legCount(legs);
  const counts = (transfers as (JsonObject | null)[]).map((each) => legCount(each?.['legs']));
  return counts.reduce((sum, count) => sum + count, 0);
}

function legCount(legs: unknown): number {
  return Array.isArray(legs) ? legs.length : 1;
}

// What is at or before the last event applied was applied or parked by then, and is only delivered again.
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
