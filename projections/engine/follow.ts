// The one way in which read models are filled, live and in a rebuild: follow the log from the
// checkpoint, book the events, write their rows. Delivery is at least once, the effect exactly once.
import { type ClientBase } from 'pg';
import {
  type EventStore,
  type JsonObject,
  LogChanged,
  type StoredEvent,
  type SubscriptionMessage,
} from '../../src/event-store/event-store.js';
import { LEDGER_STREAM_PREFIX } from '../../src/event-store/stream-names.js';
import { Applier } from './applier.js';
import { batchesOf } from './batches.js';
import { type Checkpoint, CheckpointMoved, readCheckpoint } from './checkpoint.js';
import { LEASE_SIGN_MS } from './connection.js';
import { readParkedLanes } from './lanes.js';
import { assertSameLog } from './same-log.js';

/** What is taken up at a time: so many legs, of which most transfers have one. Bounds the memory too. */
const BATCH_LEGS_MAX = 1_000;

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
 * Parks the ledgers with events that cannot be applied. Throws CheckpointMoved when somebody else writes
 * the generation: begin again; AnotherLog when it was filled from another log than this.
 */
export async function* follow(options: FollowOptions): AsyncGenerator<Progress> {
  const { store, database, generation, signal } = options;
  const checkpoint = await beginning(options);
  const parked = await readParkedLanes(database, generation);
  const applier = new Applier({ database, checkpoint, parked });
  const { last: after, scanned } = checkpoint;
  const subscribe = (inner: AbortSignal) =>
    store.subscribe({ streamPrefix: LEDGER_STREAM_PREFIX, after, scanned, signal: inner });
  const limits = { max: BATCH_LEGS_MAX, weightOf, silenceMs: LEASE_SIGN_MS, signal };
  let caughtUp = false;
  try {
    for await (const messages of batchesOf(subscribe, limits)) {
      await applier.apply(freshEvents(messages, applier.checkpoint));
      await applier.lookedUpTo(messages.filter((message) => 'position' in message));
      caughtUp ||= messages.some((message) => 'kind' in message && message.kind === 'caught-up');
      yield { checkpoint: applier.checkpoint, caughtUp };
    }
  } catch (error) {
    // Says what the store cannot know: what is missing, and what to do.
    if (error instanceof LogChanged) await assertSameLog(store, applier.checkpoint);
    throw error;
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

// Whatever is damaged still has some weight.
function weightOf(message: SubscriptionMessage): number {
  if ('kind' in message) return 1;
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
