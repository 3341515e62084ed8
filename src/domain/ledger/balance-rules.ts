// The rules of the books that depend on the state of accounts. Whether an account takes entries at all
// comes first. The rules about balances are decided on what the transfer as a whole
// leaves behind, and only against the direction in which it moves an account: a transfer that brings an
// account back towards its limits is never refused for the limit's sake.
import { type AccountEvidence, type Refusal } from '../errors.js';
import { sumOverflows } from '../money.js';
import {
  type Account,
  type Sums,
  availableOf,
  ceilingOf,
  inCurrencyOf,
  onNormalSide,
} from './account.js';
import { accountSeen } from './account-snapshot.js';
import { type LedgerState } from './state.js';

/** The rules, in order of precedence: the first one broken gives the code of the refusal. */
export const BALANCE_RULES = [
  'ACCOUNT_CLOSED',
  'ACCOUNT_FROZEN',
  'INSUFFICIENT_FUNDS',
  'BALANCE_LIMIT_EXCEEDED',
  'AMOUNT_OVERFLOW',
] as const;
export type BalanceRule = (typeof BALANCE_RULES)[number];

/** Whether an account, taken from `before` to `after`, breaks the rule of each code. */
export const BROKEN: Record<BalanceRule, (before: Account, after: Account) => boolean> = {
  ACCOUNT_CLOSED: ({ status }) => status === 'closed',
  ACCOUNT_FROZEN: (before, after) =>
    (before.freeze !== null && entersOn('debits', before, after)) ||
    (before.freeze === 'all' && entersOn('credits', before, after)),
  // A capture takes only what was reserved before: what is available stays the same.
  INSUFFICIENT_FUNDS: (before, after) =>
    before.overdraftLimit !== null &&
    availableOf(after) < availableOf(before) &&
    availableOf(after) < -before.overdraftLimit,
  BALANCE_LIMIT_EXCEEDED: (before, after) =>
    before.balanceLimit !== null &&
    ceilingOf(after) > ceilingOf(before) &&
    ceilingOf(after) > before.balanceLimit,
  AMOUNT_OVERFLOW: (_before, after) => {
    const { debits, credits } = withPending(after);
    return sumOverflows(debits, after.scale) || sumOverflows(credits, after.scale);
  },
};

const MESSAGES: Record<BalanceRule, string> = {
  ACCOUNT_CLOSED: 'An account is closed.',
  ACCOUNT_FROZEN: 'An account is frozen.',
  INSUFFICIENT_FUNDS: 'An account would fall below what its overdraft limit allows.',
  BALANCE_LIMIT_EXCEEDED: 'An account would rise above its balance limit.',
  AMOUNT_OVERFLOW: 'The sums of an account would grow beyond what can be kept.',
};

/** The first rule that the transfer would break, with every account that breaks it; undefined if none. */
export function refusalOf(state: LedgerState, after: readonly Account[]): Refusal | undefined {
  const pairs = beforeAndAfter(state, after);
  for (const code of BALANCE_RULES) {
    const broken = pairs.filter((pair) => BROKEN[code](pair.before, pair.after));
    if (broken.length === 0) continue;
    const accounts = broken.map((pair) => evidenceOf(pair.before, pair.after));
    return { code, message: MESSAGES[code], evidence: { revision: state.revision, accounts } };
  }
  return undefined;
}

/** Accounts as they would be, each with what it was before. */
export function beforeAndAfter(state: LedgerState, after: readonly Account[]) {
  return after.flatMap((account) => {
    const before = state.accounts.get(account.address);
    return before ? [{ before, after: account }] : [];
  });
}

// What is only released is no entry.
function entersOn(side: keyof Sums, before: Account, after: Account): boolean {
  return after.posted[side] > before.posted[side] || after.pending[side] > before.pending[side];
}

/** What the balance would change by, once what is pending is captured. */
export function changeOf(before: Account, after: Account): string {
  const change =
    onNormalSide(after.type, withPending(after)) - onNormalSide(before.type, withPending(before));
  return inCurrencyOf(before, change);
}

function evidenceOf(before: Account, after: Account): AccountEvidence {
  return { ...accountSeen(before), change: changeOf(before, after) };
}

/** The sums of an account as if all that is pending were captured. */
export function withPending({ posted, pending }: Account): Sums {
  return { debits: posted.debits + pending.debits, credits: posted.credits + pending.credits };
}
