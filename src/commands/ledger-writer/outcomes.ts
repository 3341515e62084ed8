// What the verdict on a command means to whoever asked, whether it is recorded or only looked at.
import { differences, type LedgerCommand } from '../../domain/ledger/decide.js';
import { type LedgerEvent } from '../../domain/ledger/events.js';
import { type LedgerState } from '../../domain/ledger/state.js';
import { type Request, type Verdict } from './decide-group.js';
import { type CommandOutcome, OutcomeUnknown } from './ledger-writers.js';
import { reused } from './reused.js';

type NewVerdict = Exclude<Verdict<Request>, { kind: 'decided' }>;

/** Of a command that was not decided before. */
export function newOutcome(verdict: NewVerdict): CommandOutcome {
  switch (verdict.kind) {
    case 'event': {
      const { event, revision } = verdict;
      return { kind: 'recorded', event, revision, replayed: false };
    }
    case 'unchanged':
      return { kind: 'unchanged' };
    case 'rejected':
      return { kind: 'rejected', rejection: verdict.rejection };
  }
}

/** Of a command under whose id `event` was recorded before. */
export function repeatedOutcome(
  state: LedgerState,
  command: LedgerCommand,
  { event, revision }: { readonly event: LedgerEvent; readonly revision: number },
): CommandOutcome {
  const differing = differences(state, event, command);
  if (differing.length === 0) return { kind: 'recorded', event, revision, replayed: true };
  return { kind: 'rejected', rejection: reused(command, event, differing) };
}

/** Of all of them. Throws why none has an outcome; OutcomeUnknown when some have and some have not. */
export async function allOutcomes(
  pending: readonly Promise<CommandOutcome>[],
): Promise<CommandOutcome[]> {
  const settled = await Promise.allSettled(pending);
  const outcomes = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failures = settled.flatMap((each) => (each.status === 'rejected' ? [each] : []));
  const [failed] = failures;
  if (!failed) return outcomes;
  if (outcomes.length === 0) throw failed.reason;
  const message = `${outcomes.length} of ${pending.length} commands are decided`;
  throw new OutcomeUnknown(message, { cause: failed.reason });
}
