// What operators do with generations beyond building one: compare it, put it in the place of the live one,
// go back, drop what is no longer needed. One at a time, and never beside a rebuild.
import { type ClientBase } from 'pg';
import { READ_MODELS_VERSION } from '../registry.js';
import { type Build, type BuildOptions, fill, isOfLog, progressReport } from './build.js';
import { type Cause } from './changes.js';
import { readCheckpoint } from './checkpoint.js';
import { type Comparison, isSame } from './comparison.js';
import { SESSION_LOCKS, tryLock, unlock, withConnection } from './connection.js';
import { dropGeneration, dropLeftTables } from './drop-generation.js';
import {
  type Generation,
  NoSuchGeneration,
  analyzeTables,
  generationOf,
  liveGeneration,
  readGenerations,
} from './generations.js';
import { compareAtSamePlace } from './same-place.js';
import { swapWithPatience } from './swap.js';

/** Somebody else is building, comparing or swapping. */
export class MaintenanceRunning extends Error {
  override readonly name = 'MaintenanceRunning';
}

/** It would endanger answers; the message says why, and what to do instead. */
export class MaintenanceRefused extends Error {
  override readonly name = 'MaintenanceRefused';
}

type Choose = (database: ClientBase, live: Generation) => Promise<Generation>;

/**
 * Runs `work` on the generation that `choose` picks, while nobody else builds. Throws MaintenanceRunning.
 */
export function withBuild<T>(
  options: BuildOptions,
  choose: Choose,
  work: (build: Build) => Promise<T>,
): Promise<T> {
  return withConnection(options.pool, async (database, lost) => {
    if (!(await tryLock(database, SESSION_LOCKS.rebuild))) {
      throw new MaintenanceRunning(
        'Another rebuild, comparison or swap is under way: wait for it, or stop it.',
      );
    }
    try {
      return await work(await buildOf(options, choose, { database, lost }));
    } finally {
      // On a connection that is lost it is free by itself.
      await unlock(database, SESSION_LOCKS.rebuild).catch(() => undefined);
    }
  });
}

async function buildOf(
  options: BuildOptions,
  choose: Choose,
  { database, lost }: { database: ClientBase; lost: AbortSignal },
): Promise<Build> {
  const live = await liveGeneration(database);
  const next = await choose(database, live);
  const ofSameLog = await isOfLog(database, options.store, live.number);
  const report = await progressReport(database, { ...options, live, ofSameLog });
  const signal = AbortSignal.any([options.signal, lost]);
  return { ...options, database, live, next, ofSameLog, report, signal };
}

/** Compares a generation with the live one: that of this number, or the one that was built last. */
export function diff(
  options: BuildOptions,
  generation?: number,
  isAskedFor?: (table: string) => boolean,
): Promise<Comparison> {
  return withBuild(options, candidate(generation), async (build) => {
    if (!build.ofSameLog) throw ofAnotherLog();
    return compareAtSamePlace(build, isAskedFor);
  });
}

function ofAnotherLog(): MaintenanceRefused {
  return new MaintenanceRefused(
    'The live read models are of another log than the one connected to: there is nothing to compare.',
  );
}

export interface Swapped {
  readonly generation: number;
  readonly replaced: number;
  readonly events: number;
}

/** What a swap was refused for. */
export class Differs extends Error {
  override readonly name = 'Differs';
  constructor(readonly comparison: Comparison) {
    super(
      `Generation ${comparison.next} differs from the live one, and was not swapped in: see ` +
        '"daybook projections diff --all". If it is the right one, swap with --accept-differences.',
    );
  }
}

/**
 * Puts a generation in the place of the live one: that of this number, or the one that was built last.
 * Throws Differs unless both are the same, of two versions, or told not to look.
 */
export function swapIn(
  options: BuildOptions,
  { generation, acceptDifferences }: { generation?: number; acceptDifferences: boolean },
): Promise<Swapped> {
  return withBuild(options, candidate(generation), async (build) => {
    if (!acceptDifferences && build.ofSameLog) {
      const comparison = await compareAtSamePlace(build);
      if (!isExplained(build, comparison)) throw new Differs(comparison);
    }
    return takeThePlace(build);
  });
}

/** Other rows are what a newer version is for; a ledger that it can no longer read is not. */
export function isExplained({ live, next }: Build, comparison: Comparison): boolean {
  const isOtherVersion = live.version !== next.version && comparison.parked.length === 0;
  return isSame(comparison) || isOtherVersion;
}

/** Puts the generation whose place the live one took back in that place. */
export function rollback(options: BuildOptions): Promise<Swapped> {
  return withBuild(options, previousOf, takeThePlace);
}

async function previousOf(database: ClientBase, live: Generation): Promise<Generation> {
  const generations = await readGenerations(database);
  const previous = generations.find(({ number }) => number === live.replaced);
  if (live.replaced === null || !previous) {
    const what =
      live.replaced === null ? 'replaced none' : `replaced ${live.replaced}, now dropped`;
    throw new NoSuchGeneration(`Generation ${live.number} is live and ${what}: no way back.`);
  }
  return assertFillable(previous);
}

/** Catches up with the log and swaps. */
export async function takeThePlace(build: Build): Promise<Swapped> {
  const { database, live, next } = build;
  await fill(build, 'end of the log');
  await analyzeTables(database, next.number);
  await swapWithPatience(build);
  const events = (await readCheckpoint(database, next.number))?.events ?? 0;
  return { generation: next.number, replaced: live.number, events };
}

/** The generation of this number, or the one that was built last, if this code can fill it. */
function candidate(wanted: number | undefined): Choose {
  return async (database) => {
    if (wanted !== undefined) return assertFillable(await generationOf(database, wanted));
    const generations = await readGenerations(database);
    const built = generations.find(({ state }) => state === 'building');
    if (built) return assertFillable(built);
    throw new NoSuchGeneration(
      'No generation was built that is not live: run "daybook projections rebuild --all --no-swap".',
    );
  };
}

// To be where the live one is, it has to be filled, which only code of its version can.
function assertFillable(generation: Generation): Generation {
  const { number, state, version } = generation;
  if (state === 'live') throw new NoSuchGeneration(`Generation ${number} is the live one itself.`);
  if (version === READ_MODELS_VERSION) return generation;
  throw new MaintenanceRefused(
    `Generation ${number} is of version ${version} of the read models, and this code writes version ` +
      `${READ_MODELS_VERSION}: use the release of Daybook that made it.`,
  );
}

/**
 * Drops the generation of this number, or all that are retired, and answers with their numbers. One that
 * is being built is dropped too: whoever builds it stops.
 */
export async function dropOf(
  database: ClientBase,
  which: number | 'retired',
  cause: Cause,
): Promise<number[]> {
  const chosen =
    which === 'retired'
      ? (await readGenerations(database)).filter(({ state }) => state === 'retired')
      : [await generationOf(database, which)];
  if (chosen.some(({ state }) => state === 'live')) {
    throw new MaintenanceRefused(`Generation ${which} is the live one: swap or roll back first.`);
  }
  for (const { number } of chosen) await dropGeneration(database, number, cause);
  await dropLeftTables(database);
  return chosen.map(({ number }) => number);
}
