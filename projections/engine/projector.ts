// Keeps the live generation up to date for as long as it is told to, whatever goes away in between:
// Postgres, the event store, the generation itself. Stops by itself only when going on would be wrong.
import { type ClientBase, DatabaseError, type Pool } from 'pg';
import { type Logger } from 'pino';
import { setTimeout as delay } from 'node:timers/promises';
import { type EventStore } from '../../src/event-store/event-store.js';
import { RECONNECT_BACKOFF, backoff } from '../../src/platform/backoff.js';
import { READ_MODELS_VERSION } from '../registry.js';
import { CheckpointMoved } from './checkpoint.js';
import { LEASE_SIGN_MS, SESSION_LOCKS, beginLease, tryLock, withConnection } from './connection.js';
import { type FollowOptions, follow } from './follow.js';
import { type Pause, liveGeneration } from './generations.js';
import { retriesRequested } from './lanes.js';
import { takeOverUnpaused } from './pauses.js';
import { retryLane } from './retry.js';
import { AnotherLog } from './same-log.js';

export interface ProjectorOptions {
  readonly store: EventStore;
  /** Of at least one connection. */
  readonly pool: Pool;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Called each time it begins to project, or to stand by. */
  readonly onWorking: () => void;
  /**
   * Builds read models of this code's version beside live ones of an older one, and swaps them in. Without
   * it, older ones are an error.
   */
  readonly upgrade?: (signal: AbortSignal) => Promise<void>;
}

/** The live read models were made by another version of the code. */
class OtherVersion extends Error {
  override readonly name = 'OtherVersion';
}

/**
 * Ends when the signal is aborted, after the transaction under way. Throws what must not be tried again:
 * AnotherLog, OtherVersion, or a defect.
 */
export async function keepProjecting(options: ProjectorOptions): Promise<void> {
  const { pool, log, signal } = options;
  let failures = 0;
  const onProgress = () => {
    failures = 0;
  };
  while (!signal.aborted) {
    try {
      await withConnection(pool, (database, lost) =>
        projectOn(database, { ...options, signal: AbortSignal.any([signal, lost]) }, onProgress),
      );
      if (!signal.aborted) throw new Error('the connection to Postgres was lost');
    } catch (error) {
      if (signal.aborted) return;
      if (isFinal(error)) throw error;
      failures += 1;
      if (isMoved(error)) log.info({ reason: String(error) }, 'beginning again');
      else log.warn({ err: error, failures }, 'projecting was interrupted; trying again');
      await backoff(failures, RECONNECT_BACKOFF, signal);
    }
  }
}

async function projectOn(
  database: ClientBase,
  options: ProjectorOptions,
  onProgress: () => void,
): Promise<void> {
  const { store, log, signal, onWorking } = options;
  await becomeCurrent(database, options);
  await becomeActive(database, log, signal, onWorking);
  if (signal.aborted) return;
  const { number: generation, version } = await liveGeneration(database);
  if (version !== READ_MODELS_VERSION) throw new CheckpointMoved(`version ${version} is live now`);
  const onPaused = (pause: Pause) => log.warn({ generation, ...pause }, 'paused');
  const epoch = await takeOverUnpaused(database, generation, { signal, onPaused });
  log.info({ generation, epoch }, 'projecting');
  onWorking();
  const lanes = { store, database, generation, epoch, signal };
  while (!signal.aborted) {
    for (const lane of await retriesRequested(database, generation)) {
      log.info({ generation, lane }, 'trying a parked lane again');
      await retryLane(lanes, lane);
    }
    await followUntilRetry({ ...lanes, log, onProgress });
  }
}

// Asking for retries is also the sign that keeps the lease.
async function followUntilRetry(
  options: FollowOptions & { log: Logger; onProgress: () => void },
): Promise<void> {
  const { database, generation, log, onProgress } = options;
  let caughtUp = false;
  let signed = performance.now();
  for await (const progress of follow(options)) {
    onProgress();
    if (progress.caughtUp && !caughtUp) {
      const { last, events } = progress.checkpoint;
      log.info({ generation, events, position: String(last?.position) }, 'caught up');
      caughtUp = true;
    }
    if (performance.now() - signed < LEASE_SIGN_MS) continue;
    if ((await retriesRequested(database, generation)).length > 0) return;
    signed = performance.now();
  }
}

/** How often a projector asks whether read models of its version are the live ones. */
const OTHER_VERSION_INTERVAL_MS = 2_000;

// Of older read models, those of this version are built beside them, whether or not an older projector still
// keeps them up to date. Newer ones are left to the newer code: this one is about to be replaced.
async function becomeCurrent(
  database: ClientBase,
  { log, signal, onWorking, upgrade }: ProjectorOptions,
): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    const { number: generation, version } = await liveGeneration(database);
    if (version === READ_MODELS_VERSION) return;
    if (version < READ_MODELS_VERSION && !upgrade) throw otherVersion(version);
    onWorking();
    const versions = { generation, version, own: READ_MODELS_VERSION };
    if (version < READ_MODELS_VERSION && upgrade) {
      log.info(versions, 'the live read models are of an older version; building new ones');
      await upgrade(signal);
    } else if (attempt === 0) {
      log.warn(versions, 'the live read models are of a newer version; standing by');
    }
    await delay(OTHER_VERSION_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
}

// Two active projectors would be correct, but each would undo the other's haste. The lock is held under a
// lease: one that is killed, stopped or cut off loses it within seconds, and finds on coming back that the
// checkpoint was taken over.
async function becomeActive(
  database: ClientBase,
  log: Logger,
  signal: AbortSignal,
  onStandby: () => void,
): Promise<void> {
  await beginLease(database);
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    if (await tryLock(database, SESSION_LOCKS.activeProjector)) return;
    if (attempt === 0) log.info('another projector is active; standing by');
    onStandby();
    await delay(LEASE_SIGN_MS, undefined, { signal }).catch(() => undefined);
  }
}

function otherVersion(version: number): OtherVersion {
  return new OtherVersion(
    `The live read models are of version ${version}, this code writes version ` +
      `${READ_MODELS_VERSION}: run "daybook projections rebuild --all".`,
  );
}

const FINAL_ERRORS = [AnotherLog, OtherVersion, RangeError, TypeError];
/** Classes of SQLSTATE that another attempt meets again: bad data, broken constraint, wrong statement. */
const FINAL_SQLSTATES = /^(22|23|42)/;
/** The tables are gone: the generation was swapped and dropped, and there is a new one to look for. */
const UNDEFINED_TABLE = '42P01';

export function isMoved(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.code === UNDEFINED_TABLE;
  return error instanceof CheckpointMoved;
}

/** Whether the same thing would only happen again. */
export function isFinal(error: unknown): boolean {
  if (FINAL_ERRORS.some((type) => error instanceof type)) return true;
  if (!(error instanceof DatabaseError) || isMoved(error)) return false;
  return FINAL_SQLSTATES.test(error.code ?? '');
}
