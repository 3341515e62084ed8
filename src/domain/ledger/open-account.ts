// Opening an account: its address, type and currency are for ever, its rules can change later.
import { unknownCurrency } from '../currencies.js';
import { type FieldProblem } from '../errors.js';
import { ADDRESS_EXPECTED, ADDRESS_LENGTH_MAX, ADDRESS_PATTERN } from './account.js';
import { type Decision, decidedBefore, happened, recordedAtOf, rejected } from './decision.js';
import { type AccountOpened, type AccountType } from './events.js';
import { type Metadata } from './metadata.js';
import { scaleOf } from './evolve.js';
import { canonicalLimit, limitProblems } from './limits.js';
import { differingMetadata } from './metadata.js';
import { type LedgerState } from './state.js';

export interface OpenAccount {
  readonly type: 'OpenAccount';
  readonly address: string;
  readonly accountType: AccountType;
  readonly currency: string;
  /** Decimal strings; null is without limit. */
  readonly overdraftLimit: string | null;
  readonly balanceLimit: string | null;
  readonly metadata: Metadata;
  readonly now: string;
}

export function openAccount(state: LedgerState, command: OpenAccount): Decision {
  if (!state.header) return rejected('LEDGER_NOT_FOUND', 'There is no such ledger.');
  const existing = state.accounts.get(command.address);
  if (existing) return decidedBefore(existing.openedRevision);
  const scale = scaleOf(state, command.currency);
  if (scale === undefined) {
    const problem = { field: 'currency', ...unknownCurrency(command.currency) };
    return rejected('UNKNOWN_CURRENCY', `currency: ${problem.problem}.`, [problem]);
  }
  const problems = accountProblems(command, scale);
  if (problems.length > 0) {
    return rejected('INVALID_ACCOUNT', 'The account cannot be opened as described.', problems);
  }
  return happened({
    type: 'AccountOpened',
    data: {
      address: command.address,
      type: command.accountType,
      currency: command.currency,
      overdraftLimit: canonicalLimit(command.overdraftLimit, scale),
      balanceLimit: canonicalLimit(command.balanceLimit, scale),
      metadata: command.metadata,
      recordedAt: recordedAtOf(command.now, state.recordedAt),
    },
  });
}

/** The fields in which a repeated request differs from the one that opened the account. */
export function openAccountDifferences(
  state: LedgerState,
  { data }: AccountOpened,
  command: OpenAccount,
): string[] {
  const scale = scaleOf(state, data.currency) ?? 0;
  return [
    ...(data.type === command.accountType ? [] : ['type']),
    ...(data.currency === command.currency ? [] : ['currency']),
    ...(data.overdraftLimit === canonicalLimit(command.overdraftLimit, scale)
      ? []
      : ['overdraftLimit']),
    ...(data.balanceLimit === canonicalLimit(command.balanceLimit, scale) ? [] : ['balanceLimit']),
    ...differingMetadata(data.metadata, command.metadata),
  ];
}

function accountProblems(command: OpenAccount, scale: number): FieldProblem[] {
  const addressed =
    ADDRESS_PATTERN.test(command.address) && command.address.length <= ADDRESS_LENGTH_MAX;
  const limits = limitProblems(command, { currency: command.currency, scale });
  if (addressed) return limits;
  const problem = `"${command.address}" is not an account address`;
  return [{ field: 'address', problem, expected: ADDRESS_EXPECTED }, ...limits];
}
