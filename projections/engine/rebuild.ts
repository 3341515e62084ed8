// Builds the next generation beside the live one, compares the two, and puts it in its place. Until that
// moment the live one is not touched; what an interrupted rebuild leaves behind is where the next one
// goes on.
import { type ClientBase } from 'pg';
import { type Position } from '../../src/event-store/event-store.js';
import { type Build, type BuildOptions, beginOrContinue, fill } from './build.js';
import { readCheckpoint } from './checkpoint.js';
import { type Comparison } from './comparison.js';
import { TablesInUse, dropGeneration } from './drop-generation.js';
import { type Generation, readGenerations } from './generations.js';
import { MaintenanceRefused, isExplained, takeThePlace, withBuild } from './maintenance.js';
import { assertSameLog } from './same-log.js';
import { compareAtSamePlace } from './same-place.js';

/** So many generations that were live before are kept to go back to. */
const RETIRED_KEPT_MAX = 2;

export interface RebuildOptions extends BuildOptions {
  /** Not to be swapped in, even if it could be. */
  readonly noSwap?: boolean;
  /** Built up to here and no further, and then not swapped in. */
  readonly toPosition?: Position;
  /** Whether the oldest retired generations make room, instead of the rebuild being refused. */
  readonly makeRoom?: boolean;
  /** Throws AnotherLog when the live generation is of another log, instead of replacing it. */
  readonly sameLogOnly?: boolean;
}

export interface Rebuilt {
  readonly generation: number;
  readonly events: number;
  /** Of the last event applied; null before the first. */
  readonly position: string | null;
  /** The live generation whose place it took; null when it was not swapped in. */
  readonly replaced: number | null;
  /** With the live generation, at the same place; null when that is of another log, or further. */
  readonly comparison: Comparison | null;
}

/**
 * Throws MaintenanceRunning, MaintenanceRefused, BuildStopped, NewerVersion, LiveIsPaused, LiveIsBehind, or
 * what `follow` throws; the live generation is then as it was.
 */
export function rebuild(options: RebuildOptions): Promise<Rebuilt> {
  const choose = (database: ClientBase, live: Generation) =>
    nextGeneration(database, live, options);
  return withBuild(options, choose, async (build) => {
    const { toPosition, sameLogOnly = false } = options;
    if (sameLogOnly) await assertOfLog(build);
    if (toPosition !== undefined) {
      await fillTo(build, toPosition);
      return outcome(build, { replaced: null, comparison: null });
    }
    const comparison = build.ofSameLog ? await compareAtSamePlace(build) : null;
    const isUnexplained = comparison !== null && !isExplained(build, comparison);
    if (isUnexplained || options.noSwap) return outcome(build, { replaced: null, comparison });
    const { replaced } = await takeThePlace(build);
    return outcome(build, { replaced, comparison });
  });
}

async function assertOfLog({ database, store, live }: Build): Promise<void> {
  const checkpoint = await readCheckpoint(database, live.number);
  if (checkpoint) await assertSameLog(store, checkpoint);
}

async function outcome(
  { database, next }: Build,
  rest: Pick<Rebuilt, 'replaced' | 'comparison'>,
): Promise<Rebuilt> {
  const checkpoint = await readCheckpoint(database, next.number);
  const position = checkpoint?.last?.position.toString() ?? null;
  return { generation: next.number, events: checkpoint?.events ?? 0, position, ...rest };
}

async function nextGeneration(
  database: ClientBase,
  live: Generation,
  { store, cause, log, makeRoom = false }: RebuildOptions,
) {
  const all = (await readGenerations(database)).filter(({ state }) => state === 'retired');
  // The one that a rollback leads to until the rebuild is done makes room last.
  const retired = [
    ...all.filter(({ number }) => number !== live.replaced),
    ...all.filter(({ number }) => number === live.replaced),
  ];
  const surplus = retired.slice(0, Math.max(0, retired.length - RETIRED_KEPT_MAX + 1));
  const numbers = surplus.map(({ number }) => number).join(', ');
  if (surplus.length > 0 && !makeRoom) {
    throw new MaintenanceRefused(
      `${retired.length} generations that were live before are kept, and each is as big as the live ` +
        `one: drop what is no longer needed first, such as "daybook projections drop ${numbers}".`,
    );
  }
  const why = { ...cause, reason: `only ${RETIRED_KEPT_MAX} are kept` };
  for (const { number } of surplus) {
    try {
      await dropGeneration(database, number, why);
    } catch (error) {
      if (!(error instanceof TablesInUse)) throw error;
      log.warn(error.message);
    }
  }
  return beginOrContinue(database, store, cause);
}

async function fillTo(build: Build, position: Position): Promise<void> {
  const start = await readCheckpoint(build.database, build.next.number);
  if ((start?.last?.position ?? -1n) > position) {
    throw new MaintenanceRefused(
      `Generation ${build.next.number}, which is unfinished, is beyond that position already: drop it ` +
        `with "daybook projections drop ${build.next.number}" to begin anew.`,
    );
  }
  await fill(build, position);
}
