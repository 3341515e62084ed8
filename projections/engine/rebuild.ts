// Builds the next generation beside the live one, with the runner that fills the live one too, and
// puts it in its place. Until that moment the live one is not touched: an interrupted rebuild leaves only
// tables that the next rebuild drops.
import { type ClientBase, DatabaseError, type Pool } from 'pg';
import { type Logger } from 'pino';
import { type EventStore } from '../../src/event-store/event-store.js';
import { type Position } from '../../src/event-store/event-store.js';
import { backoff } from '../../src/platform/backoff.js';
import { readCheckpoint } from './checkpoint.js';
import { SESSION_LOCKS, tryLock, withConnection } from './connection.js';
import { follow } from './follow.js';
import {
  type Generation,
  beginGeneration,
  dropGenerations,
  inTransaction,
  liveGeneration,
  makeLive,
} from './generations.js';
import { AnotherLog, assertSameLog } from './same-log.js';

/** How long the swap waits for queries that are running; new ones wait behind it meanwhile. */
const SWAP_LOCK_TIMEOUT_MS = 1_000;
const SWAP_ATTEMPTS_MAX = 20;
const SWAP_BACKOFF = { baseMs: 200, maxMs: 5_000 };
/** How long the live projector may be held up while the new generation catches up with it. */
const SWAP_CATCH_UP_MAX_MS = 20_000;
const LOCK_NOT_AVAILABLE = '55P03';

export interface RebuildOptions {
  readonly store: EventStore;
  /** Of at least two connections. */
  readonly pool: Pool;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** `expected` is what the live generation holds; there may be more by the end. */
  readonly onProgress: (events: number, expected: number) => void;
}

export interface Rebuilt {
  readonly generation: number;
  readonly replaced: number;
  readonly events: number;
}

/** Another rebuild is under way. */
export class RebuildRunning extends Error {
  override readonly name = 'RebuildRunning';
}

/** The rebuild was told to stop before the swap. */
export class RebuildCancelled extends Error {
  override readonly name = 'RebuildCancelled';
}

/** Throws RebuildRunning, RebuildCancelled or what `follow` throws; the live one is then as it was. */
export async function rebuild(options: RebuildOptions): Promise<Rebuilt> {
  const { pool, signal } = options;
  return withConnection(pool, async (database, lost) => {
    if (!(await tryLock(database, SESSION_LOCKS.rebuild))) {
      throw new RebuildRunning('Another rebuild is under way.');
    }
    const live = await liveGeneration(database);
    await dropGenerations(database, 'retired');
    const next = await beginGeneration(database);
    const build = { ...options, database, live, next, signal: AbortSignal.any([signal, lost]) };
    const required = await fill(build);
    await swapWithPatience(build, required);
    await dropGenerations(database, 'retired');
    const events = (await readCheckpoint(database, next.number))?.events ?? 0;
    return { generation: next.number, replaced: live.number, events };
  });
}

interface Build extends RebuildOptions {
  readonly database: ClientBase;
  readonly live: Generation;
  readonly next: Generation;
}

/** Whether the new generation must get as far as the live one: not when that one is of another log. */
type Required = 'live position' | 'end of the log';

async function fill(build: Build): Promise<Required> {
  const { store, database, live, next, signal, log, onProgress } = build;
  const checkpoint = await readCheckpoint(database, live.number);
  let required: Required = 'live position';
  try {
    if (checkpoint) await assertSameLog(store, checkpoint);
  } catch (error) {
    if (!(error instanceof AnotherLog)) throw error;
    log.warn({ reason: error.message }, 'the live read models are of another log');
    required = 'end of the log';
  }
  for await (const progress of follow({ store, database, generation: next.number, signal })) {
    onProgress(progress.checkpoint.events, checkpoint?.events ?? 0);
    if (progress.caughtUp) return required;
  }
  throw interrupted();
}

function interrupted(): RebuildCancelled {
  return new RebuildCancelled('The rebuild was interrupted; run it again to begin anew.');
}

async function swapWithPatience(build: Build, required: Required): Promise<void> {
  for (let failures = 0; ;) {
    try {
      return await withConnection(build.pool, (database) => swap(database, build, required));
    } catch (error) {
      const busy = error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE;
      failures += 1;
      if (!busy || failures >= SWAP_ATTEMPTS_MAX) throw error;
      build.log.info({ failures }, 'queries are in the way of the swap; trying again');
      await backoff(failures, SWAP_BACKOFF, build.signal);
    }
  }
}

// The lock on the live checkpoint holds the live projector; what it has applied by then is what the new
// generation must have applied too, so that no answer ever goes back in time.
async function swap(database: ClientBase, build: Build, required: Required): Promise<void> {
  await inTransaction(database, async () => {
    await database.query(`SET LOCAL lock_timeout = ${SWAP_LOCK_TIMEOUT_MS}`);
    const held = await readCheckpoint(database, build.live.number, 'FOR UPDATE');
    if (required === 'live position') await catchUpWith(held?.scanned?.position, build);
    await makeLive(database, { previous: build.live.number, next: build.next.number });
  });
}

async function catchUpWith(target: Position | undefined, build: Build): Promise<void> {
  const { store, database, next } = build;
  const signal = AbortSignal.any([build.signal, AbortSignal.timeout(SWAP_CATCH_UP_MAX_MS)]);
  const reached = (position: Position | undefined) => (position ?? -1n) >= (target ?? -1n);
  const start = await readCheckpoint(database, next.number);
  if (reached(start?.scanned?.position)) return;
  for await (const progress of follow({ store, database, generation: next.number, signal })) {
    if (progress.caughtUp || reached(progress.checkpoint.scanned?.position)) return;
  }
  throw new RebuildCancelled(
    'The new generation did not catch up with the live one in time; nothing was changed.',
  );
}
