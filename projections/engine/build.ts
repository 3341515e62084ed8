// Fills a generation beside the live one, as fast as it is told to, with the runner that fills the live
// one too. Whatever interrupts it, another build goes on where it stopped.
import { type ClientBase, type Pool } from 'pg';
import { type Logger } from 'pino';
import { type EventStore, type Position } from '../../src/event-store/event-store.js';
import { READ_MODELS_VERSION } from '../registry.js';
import { LAG_COUNTED_MAX, lagBehind } from '../status/queries.js';
import { type Cause } from './changes.js';
import { readCheckpoint } from './checkpoint.js';
import { follow } from './follow.js';
import { dropGeneration } from './drop-generation.js';
import { type Generation, type Pause, beginGeneration, readGenerations } from './generations.js';
import { storeAtRate, storeUpTo } from './limited-store.js';
import { takeOverUnpaused } from './pauses.js';
import { isMoved } from './projector.js';
import { AnotherLog, assertSameLog } from './same-log.js';

/** How far a build is. */
export interface BuildProgress {
  /** Events of the log applied so far. */
  readonly done: number;
  readonly total: number;
  /** Whether there may well be more or less of them: the total is then only about right. */
  readonly isEstimate: boolean;
}

export interface BuildOptions {
  readonly store: EventStore;
  /** Of at least three connections. */
  readonly pool: Pool;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly cause: Cause;
  /** Events a second at most; as fast as it goes when absent. */
  readonly rate?: number;
  readonly onProgress: (progress: BuildProgress) => void;
  readonly onPaused: (pause: Pause) => void;
}

/** A build under way, on a connection of its own. */
export interface Build extends BuildOptions {
  readonly database: ClientBase;
  readonly live: Generation;
  readonly next: Generation;
  /** Whether both are of the same log, so that one can be measured by the other. */
  readonly ofSameLog: boolean;
  /** @param done events applied so far. */
  readonly report: (done: number) => Promise<void>;
}

/** The build was told to stop, or what it built was dropped by somebody else. */
export class BuildStopped extends Error {
  override readonly name = 'BuildStopped';
}

/** What is there was made by a newer version of the code, which knows better. */
export class NewerVersion extends Error {
  override readonly name = 'NewerVersion';
}

/** The generation to fill: the one that an earlier build left unfinished, or else a new one. */
export async function beginOrContinue(
  database: ClientBase,
  store: EventStore,
  cause: Cause,
): Promise<Generation> {
  const unfinished = (await readGenerations(database)).find(({ state }) => state === 'building');
  if (!unfinished) return beginGeneration(database, cause);
  const { number, version } = unfinished;
  if (version > READ_MODELS_VERSION) throw newerVersion(unfinished);
  if (version === READ_MODELS_VERSION && (await isOfLog(database, store, number))) {
    return unfinished;
  }
  const why = version === READ_MODELS_VERSION ? 'of another log' : `of version ${version}`;
  await dropGeneration(database, number, { ...cause, reason: `unfinished, and ${why}` });
  return beginGeneration(database, cause);
}

function newerVersion({ number, version }: Generation): NewerVersion {
  return new NewerVersion(
    `Generation ${number} is being built for version ${version} of the read models, newer than ` +
      `version ${READ_MODELS_VERSION} that this code writes: leave it to the newer code, or drop it ` +
      `with "daybook projections drop ${number}".`,
  );
}

/** Whether what the generation holds is what this log says. */
export async function isOfLog(
  database: ClientBase,
  store: EventStore,
  generation: number,
): Promise<boolean> {
  try {
    const checkpoint = await readCheckpoint(database, generation);
    if (checkpoint) await assertSameLog(store, checkpoint);
    return true;
  } catch (error) {
    if (error instanceof AnotherLog) return false;
    throw error;
  }
}

/** Up to and including a position, or to where the log ends by then. */
export type Until = Position | 'end of the log';

/**
 * Applies the log up to a place, waiting while the generation is paused. Throws BuildStopped, or what
 * `follow` throws.
 */
export async function fill(build: Build, until: Until): Promise<void> {
  const { database, next, signal, onPaused, rate } = build;
  const upTo = until === 'end of the log' ? build.store : storeUpTo(build.store, until);
  const store = rate === undefined ? upTo : storeAtRate(upTo, rate);
  while (!signal.aborted) {
    if (await isThere(database, next, until)) return;
    try {
      const epoch = await takeOverUnpaused(database, next.number, { signal, onPaused });
      const options = { store, database, generation: next.number, epoch, signal };
      for await (const progress of follow(options)) {
        await build.report(progress.checkpoint.events);
        if (progress.caughtUp) return;
      }
      if (!signal.aborted) return;
    } catch (error) {
      if (!isMoved(error)) throw error;
    }
  }
  throw new BuildStopped('Interrupted; the next rebuild goes on where this one stopped.');
}

async function isThere(
  database: ClientBase,
  { number }: Generation,
  until: Until,
): Promise<boolean> {
  const checkpoint = await readCheckpoint(database, number);
  if (!checkpoint) {
    throw new BuildStopped(`Generation ${number} was dropped; nothing else was changed.`);
  }
  return until !== 'end of the log' && (checkpoint.scanned?.position ?? -1n) >= until;
}

/** How often the total is asked for again: the log grows meanwhile. */
const TOTAL_INTERVAL_MS = 1_000;

/** Tells `onProgress` of what was done out of all that the live generation holds and still lacks. */
export async function progressReport(
  database: ClientBase,
  {
    store,
    live,
    ofSameLog,
    onProgress,
  }: Pick<Build, 'store' | 'live' | 'ofSameLog' | 'onProgress'>,
): Promise<Build['report']> {
  const start = await readCheckpoint(database, live.number);
  const lag = ofSameLog
    ? await lagBehind(store, { last: start?.last, scanned: start?.scanned })
    : null;
  const isEstimate = lag === null || lag >= LAG_COUNTED_MAX;
  let total = (start?.events ?? 0) + (lag ?? 0);
  let askedAt = performance.now();
  return async (done) => {
    if (performance.now() - askedAt >= TOTAL_INTERVAL_MS) {
      total = Math.max(total, (await readCheckpoint(database, live.number))?.events ?? 0);
      askedAt = performance.now();
    }
    onProgress({ done, total: Math.max(total, done), isEstimate });
  };
}
