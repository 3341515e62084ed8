// What all verbs have in common that build, compare or swap: who asks, how to stop it, what is shown.
import { type BuildOptions, type BuildProgress } from '../../../projections/engine/build.js';
import { type Cause } from '../../../projections/engine/changes.js';
import { type Pause } from '../../../projections/engine/generations.js';
import { type Progress, type Terminal } from '../terminal.js';
import { userName } from '../user-name.js';
import { asFailure } from './as-failure.js';
import { type Stores, withStores } from './stores.js';

/** Runs `work` until it is done, or until somebody types Ctrl-C. Throws Failures. */
export async function maintaining<T>(
  terminal: Terminal,
  cause: Cause,
  work: (options: BuildOptions) => Promise<T>,
): Promise<T> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  let progress: Progress | undefined;
  const onProgress = ({ done, total, isEstimate }: BuildProgress) => {
    progress ??= terminal.progress('Applying', total, { unit: 'events', isEstimate });
    progress.update(done, total);
  };
  const onPaused = ({ actor, reason }: Pause) => {
    terminal.say(`Paused by ${actor} (${reason}): go on with "daybook projections resume --all".`);
  };
  const { signal } = stopping;
  try {
    return await withStores((stores: Stores) =>
      work({ ...stores, cause, signal, onProgress, onPaused }),
    );
  } catch (error) {
    throw asFailure(error);
  } finally {
    progress?.stop();
  }
}

/** @param reason what was typed, when nobody says why. */
export function causeOf(reason: string): Cause {
  return { actor: `cli:${userName()}`, reason };
}
