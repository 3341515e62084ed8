// Puts a generation in the place of the live one, in one transaction, while queries go on. No answer ever
// goes back in the log.
import { type ClientBase } from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import { backoff } from '../../src/platform/backoff.js';
import { type Build } from './build.js';
import { isBusy, withConnection } from './connection.js';
import { generationOf, inTransaction, makeLive } from './generations.js';
import { catchUpWith, holdLive } from './same-place.js';

/**
 * How long it waits for the queries on one view; new ones wait behind it meanwhile. Much less than the
 * second after which Postgres looks for deadlocks, so that it never ends a query instead of the swap.
 */
const VIEW_LOCK_TIMEOUT_MS = 100;
/** How long queries may have to wait for all views together. */
const VIEWS_TIMEOUT_MS = 5_000;
/** Queries that read the views in another order are in the way for a moment, so that soon is best. */
const VIEWS_PAUSE_MS = 25;
const VIEWS_ATTEMPTS_MAX = 30;
const SWAP_ATTEMPTS_MAX = 20;
const SWAP_BACKOFF = { baseMs: 200, maxMs: 5_000 };

/** The live generation is paused: taking its place would undo that. */
export class LiveIsPaused extends Error {
  override readonly name = 'LiveIsPaused';
}

/** Throws LiveIsPaused, BuildStopped, or what `follow` throws; nothing is changed then. */
export function swapWithPatience(build: Build): Promise<void> {
  return withConnection(build.pool, async (database) => {
    for (let failures = 0; ;) {
      try {
        return await swap(database, build);
      } catch (error) {
        failures += 1;
        if (!isBusy(error) || failures >= SWAP_ATTEMPTS_MAX || build.signal.aborted) throw error;
        build.log.info({ failures }, 'queries are in the way of the swap; trying again');
        await backoff(failures, SWAP_BACKOFF, build.signal);
      }
    }
  });
}

// What the live projector has applied by the time it is held is what the new generation must have applied.
async function swap(database: ClientBase, build: Build): Promise<void> {
  await inTransaction(database, async () => {
    const held = await holdLive(database, build);
    await assertNotPaused(database, build.live.number);
    if (build.ofSameLog) await catchUpWith(held, build);
    await database.query(
      `SET LOCAL lock_timeout = ${VIEW_LOCK_TIMEOUT_MS}; SET LOCAL statement_timeout = ${VIEWS_TIMEOUT_MS}`,
    );
    await makeLiveSoon(database, build);
  });
}

async function makeLiveSoon(database: ClientBase, { live, next, cause }: Build): Promise<void> {
  for (let failures = 0; ;) {
    await database.query('SAVEPOINT views');
    try {
      return await makeLive(database, { previous: live.number, next: next.number, cause });
    } catch (error) {
      failures += 1;
      if (!isBusy(error) || failures >= VIEWS_ATTEMPTS_MAX) throw error;
      // Which lets the queries go on that had to wait.
      await database.query('ROLLBACK TO SAVEPOINT views');
      await delay(VIEWS_PAUSE_MS);
    }
  }
}

async function assertNotPaused(database: ClientBase, live: number): Promise<void> {
  const { pause } = await generationOf(database, live);
  if (!pause) return;
  throw new LiveIsPaused(
    `The live read models were paused by ${pause.actor} (${pause.reason}), and would go on with the ` +
      'swap: run "daybook projections resume --all" first.',
  );
}
