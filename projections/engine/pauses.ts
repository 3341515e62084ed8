// A generation that is paused is not filled by anybody until it is resumed.
import { type ClientBase } from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import { type Cause, recordChange } from './changes.js';
import { takeOver } from './checkpoint.js';
import {
  NoSuchGeneration,
  type Pause,
  disown,
  generationOf,
  inTransaction,
  readGenerations,
} from './generations.js';

/** How often whoever fills a paused generation asks whether to go on. */
const RESUMED_INTERVAL_MS = 1_000;

/**
 * Pauses one generation, or all that are being filled, and answers with those that were not paused
 * already. Once this returns, nothing more is written to them: whoever fills one has lost its checkpoint, and
 * finds the pause when it begins again. Throws NoSuchGeneration.
 */
export function pauseOf(
  database: ClientBase,
  generation: number | undefined,
  cause: Cause,
): Promise<number[]> {
  return inTransaction(database, async () => {
    if (generation !== undefined) await assertFilled(database, generation);
    const { rows } = await database.query<{ number: number }>(
      `UPDATE daybook.generation SET paused_at = now(), paused_by = $2, pause_reason = $3
       WHERE state <> 'retired' AND number = coalesce($1, number) AND paused_at IS NULL
       RETURNING number`,
      [generation, cause.actor, cause.reason],
    );
    for (const { number } of rows) {
      await disown(database, number);
      await recordChange(database, number, 'paused', cause);
    }
    return rows.map(({ number }) => number);
  });
}

async function assertFilled(database: ClientBase, generation: number): Promise<void> {
  const { state } = await generationOf(database, generation);
  if (state !== 'retired') return;
  throw new NoSuchGeneration(`Generation ${generation} is retired: nobody applies anything to it.`);
}

/** Resumes one generation, or all, and answers with those that were paused. Throws NoSuchGeneration. */
export function resumeOf(
  database: ClientBase,
  generation: number | undefined,
  cause: Cause,
): Promise<number[]> {
  return inTransaction(database, async () => {
    if (generation !== undefined) await generationOf(database, generation);
    const { rows } = await database.query<{ number: number }>(
      `UPDATE daybook.generation SET paused_at = NULL, paused_by = NULL, pause_reason = NULL
       WHERE number = coalesce($1, number) AND paused_at IS NOT NULL RETURNING number`,
      [generation],
    );
    for (const { number } of rows) await recordChange(database, number, 'resumed', cause);
    return rows.map(({ number }) => number);
  });
}

export interface PauseWait {
  readonly signal: AbortSignal;
  /** Called when there is something to wait for. */
  readonly onPaused: (pause: Pause) => void;
}

/**
 * Takes a generation over once it is not paused, and answers with the epoch to write it under. A pause that
 * comes later takes it away again. Throws CheckpointMoved when the generation is gone.
 */
export async function takeOverUnpaused(
  database: ClientBase,
  generation: number,
  wait: PauseWait,
): Promise<number> {
  for (;;) {
    const epoch = await takeOver(database, generation);
    if (!(await hasWaited(database, generation, wait))) return epoch;
  }
}

/** Waits while the generation is paused, until the signal at most; false when it was not. */
async function hasWaited(
  database: ClientBase,
  generation: number,
  { signal, onPaused }: PauseWait,
): Promise<boolean> {
  for (let waited = false; ; waited = true) {
    const generations = signal.aborted ? [] : await readGenerations(database);
    const pause = generations.find(({ number }) => number === generation)?.pause;
    if (!pause) return waited;
    if (!waited) onPaused(pause);
    await delay(RESUMED_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
}
