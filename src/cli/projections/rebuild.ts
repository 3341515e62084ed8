// `daybook projections rebuild`.
import { isFinal } from '../../../projections/engine/projector.js';
import { RebuildCancelled, RebuildRunning, rebuild } from '../../../projections/engine/rebuild.js';
import { AnotherLog } from '../../../projections/engine/same-log.js';
import { Failure } from '../../platform/failure.js';
import { type RegisterVerb } from '../register-verb.js';
import { type Progress, createTerminal } from '../terminal.js';
import { withStores } from './stores.js';
import { checkName, withNameOrAll } from './which.js';

export const registerRebuild: RegisterVerb = (projections) => {
  withNameOrAll(projections.command('rebuild'))
    .description('build read models anew from the log, beside the live ones, then swap them')
    .action(rebuildVerb);
};

async function rebuildVerb(
  name: string | undefined,
  { all = false, json = false }: { all?: boolean; json?: boolean },
): Promise<void> {
  checkName(name, all);
  const terminal = createTerminal({ json });
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  let progress: Progress | undefined;
  const onProgress = (events: number, expected: number) => {
    progress ??= terminal.progress('Rebuilding', expected);
    progress.update(events);
  };
  const built = await withStores((stores) =>
    rebuild({ ...stores, signal: stopping.signal, onProgress }),
  )
    .catch((error: unknown) => {
      throw asFailure(error);
    })
    .finally(() => progress?.stop());
  const { generation, replaced, events } = built;
  terminal.result(
    built,
    `Rebuilt from ${events} events: generation ${generation} replaced generation ${replaced}.`,
  );
}

const REFUSALS = [RebuildRunning, RebuildCancelled, AnotherLog];

function asFailure(error: unknown): unknown {
  if (REFUSALS.some((type) => error instanceof type) && error instanceof Error) {
    return new Failure('refused', error.message, { cause: error });
  }
  if (isFinal(error) && error instanceof Error) {
    return new Failure('findings', error.message, { cause: error });
  }
  return error;
}
