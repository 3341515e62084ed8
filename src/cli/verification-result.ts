// How verification tells what came of it: the findings one by one, and the exit code that scripts go by.
import { type Findings, findingText } from '../../projections/verify/finding.js';
import { LedgerMissing } from '../../projections/verify/log/last-event.js';
import { NothingProjected } from '../../projections/verify/snapshot.js';
import { AccountMissing } from '../../projections/verify/verify-accounts.js';
import { Failure, FindingsTold } from '../platform/failure.js';
import { type Progress, type Terminal } from './terminal.js';

/** What was verified, with what was found on the way. */
interface Verification {
  readonly findings: Findings;
  readonly ledger?: string;
  /** Of a log: whether anything tells that no event is missing at its end. */
  readonly isEndChecked?: boolean;
}

/** Tells the result; `summary` says what was verified. Throws FindingsTold when something is wrong. */
export function tellVerified(
  terminal: Terminal,
  { findings, ...verified }: Verification,
  summary: string,
): void {
  const { told, count } = findings;
  const value = { ...verified, ok: count === 0, findings: told, findingsInAll: count };
  if (count === 0) return terminal.result(value, `${summary}: everything agrees.`);
  const more = count > told.length ? [`and ${count - told.length} more`] : [];
  const lines = [`${summary}: ${count} findings.`, ...told.map(findingText), ...more];
  terminal.result(value, lines.join('\n'));
  throw new FindingsTold();
}

/** Runs a verification with a progress bar, until it is interrupted. */
export async function withProgress<T>(
  terminal: Terminal,
  label: string,
  verify: (on: {
    readonly signal: AbortSignal;
    readonly onProgress: (events: number, total: number) => void;
  }) => Promise<T>,
): Promise<T> {
  const stopping = new AbortController();
  const interrupted = new Failure(
    'refused',
    'Interrupted: nothing was found out. Run it again to verify.',
  );
  const stop = () => stopping.abort(interrupted);
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, stop);
  let progress: Progress | undefined;
  const onProgress = (events: number, total: number) => {
    progress ??= terminal.progress(label, total);
    progress.update(events);
  };
  try {
    return await verify({ signal: stopping.signal, onProgress });
  } catch (error) {
    throw asFailure(error);
  } finally {
    progress?.stop();
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, stop);
  }
}

function asFailure(error: unknown): unknown {
  if (error instanceof LedgerMissing || error instanceof AccountMissing) {
    return new Failure('usage', error.message, { cause: error });
  }
  if (error instanceof NothingProjected) {
    return new Failure('infrastructure', error.message, { cause: error });
  }
  return error;
}
