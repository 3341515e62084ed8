// The rules of the books that depend on the state of accounts. Whether an account takes entries at all
// comes first. The rules about balances are decided on what the transfer as a whole
// leaves behind, and only against the direction in which it moves an account: a transfer that brings an
// account back towards its limits is never refused for the limit's sake.
import { REFUSAL_CODES, type AccountEvidence, type Refusal, type RefusalCode } from '../errors.js';
import { sumOverflows } from '../money.js';
import { type Account, availableOf, balanceOf, inCurrencyOf } from './account.js';
import { accountSeen } from './account-snapshot.js';
import { type LedgerState } from './state.js';

type Rule = (before: Account, after: Account) => boolean;

/** Whether an account, taken from `before` to `after` by a transfer, breaks the rule of each code. */
const BROKEN: Record<RefusalCode, Rule> = {
  ACCOUNT_CLOSED: ({ status }) => status === 'closed',
  ACCOUNT_FROZEN: (before, after) =>
    before.freeze === 'all' ||
    (before.freeze === 'debits' && after.posted.debits > before.posted.debits),
  INSUFFICIENT_FUNDS: (before, after) =>
    before.overdraftLimit !== null &&
    balanceOf(after) < balanceOf(before) &&
    availableOf(after) < -before.overdraftLimit,
  BALANCE_LIMIT_EXCEEDED: (before, after) =>
    before.balanceLimit !== null &&
    balanceOf(after) > balanceOf(before) &&
    balanceOf(after) > before.balanceLimit,
  AMOUNT_OVERFLOW: (_before, { posted, scale }) =>
    sumOverflows(posted.debits, scale) || sumOverflows(posted.credits, scale),
};

const MESSAGES: Record<RefusalCode, string> = {
  ACCOUNT_CLOSED: 'An account is closed.',
  ACCOUNT_FROZEN: 'An account is frozen.',
  INSUFFICIENT_FUNDS: 'An account would fall below what its overdraft limit allows.',
  BALANCE_LIMIT_EXCEEDED: 'An account would rise above its balance limit.',
  AMOUNT_OVERFLOW: 'The sums of an account would grow beyond what can be kept.',
};

/** The first rule that the transfer would break, with every account that breaks it; undefined if none. */
export function refusalOf(state: LedgerState, after: readonly Account[]): Refusal | undefined {
  const pairs = after.flatMap((account) => {
    const before = state.accounts.get(account.address);
    return before ? [{ before, after: account }] : [];
  });
  for (const code of REFUSAL_CODES) {
    const broken = pairs.filter((pair) => BROKEN[code](pair.before, pair.after));
    if (broken.length === 0) continue;
    const accounts = broken.map((pair) => evidenceOf(pair.before, pair.after));
    return { code, message: MESSAGES[code], evidence: { revision: state.revision, accounts } };
  }
  return undefined;
}

function evidenceOf(before: Account, after: Account): AccountEvidence {
  return {
    ...accountSeen(before),
    change: inCurrencyOf(before, balanceOf(after) - balanceOf(before)),
  };
}
