// What callers may ask of accounts before a transfer: versions they have seen, and bounds on balances.
// All of it is decided on exactly the state that the transfer is appended on; every condition that is not
// met is told, with what was seen.
import { type ConditionSeen } from '../errors.js';
import { formatAmount, parseSum } from '../money.js';
import { type Account, availableOf, balanceOf, inCurrencyOf } from './account.js';
import { type LedgerState } from './state.js';
import { type Bounds, type Condition, type Leg } from './transfer-events.js';
import { type Unfit, unknownAccount } from './unfit.js';

export const CONDITIONS_MAX = 100;
const BOUNDS = ['gte', 'lte', 'eq'] as const;
const SUMS = ['balance', 'available'] as const;

/** The conditions that do not fit the ledger. */
export function conditionProblems(state: LedgerState, conditions: readonly Condition[]): Unfit[] {
  const count = conditions.length;
  const tooMany: Unfit[] =
    count <= CONDITIONS_MAX
      ? []
      : [
          {
            code: 'INVALID_TRANSFER',
            field: 'conditions',
            problem: `${count} conditions`,
            expected: `at most ${CONDITIONS_MAX}`,
          },
        ];
  return [
    ...tooMany,
    ...conditions.flatMap((condition, index) => {
      const at = `conditions[${index}]`;
      const account = state.accounts.get(condition.account);
      if (!account) return [unknownAccount(condition.account, `${at}.account`)];
      return [...emptyProblems(condition, at), ...boundProblems(account, condition, at)];
    }),
  ];
}

function emptyProblems({ version, balance, available }: Condition, at: string): Unfit[] {
  if ([version, balance, available].some((wanted) => wanted !== undefined)) return [];
  const expected = 'a version, or bounds on balance or available';
  return [{ code: 'INVALID_TRANSFER', field: at, problem: 'asks nothing', expected }];
}

function boundProblems({ scale, currency }: Account, condition: Condition, at: string): Unfit[] {
  return boundsOf(condition).flatMap(([sum, bound, amount]): Unfit[] => {
    if (typeof parseSum(amount, scale) === 'bigint') return [];
    return [
      {
        code: 'INVALID_AMOUNT',
        field: `${at}.${sum}.${bound}`,
        problem: `"${amount}" is not an amount in ${currency}`,
        expected:
          `a decimal string, below zero with a "-", with at most ${scale} decimals, such as ` +
          `"${formatAmount(1250n, scale)}"`,
      },
    ];
  });
}

/** With all decimals of the account's currency. A bound that cannot be read is kept as written. */
export function canonicalCondition(state: LedgerState, condition: Condition): Condition {
  const { account, version, balance, available } = condition;
  const scale = state.accounts.get(account)?.scale;
  const bounds = (written: Bounds): Bounds =>
    Object.fromEntries(
      BOUNDS.flatMap((bound) => {
        const amount = written[bound];
        return amount === undefined ? [] : [[bound, canonicalSum(amount, scale)]];
      }),
    );
  return {
    account,
    ...(version !== undefined && { version }),
    ...(balance && { balance: bounds(balance) }),
    ...(available && { available: bounds(available) }),
  };
}

function canonicalSum(amount: string, scale: number | undefined): string {
  if (scale === undefined) return amount;
  const units = parseSum(amount, scale);
  return typeof units === 'bigint' ? formatAmount(units, scale) : amount;
}

/** Every condition that the state does not meet, those of the legs first. */
export function unmetConditions(state: LedgerState, request: Conditional): ConditionSeen[] {
  return conditionChecks(state, request)
    .filter(({ isMet }) => !isMet)
    .map(({ field, account, expected, seen }) => ({ field, account, expected, seen }));
}

/** What a transfer asks of the accounts. */
interface Conditional {
  readonly legs: readonly Leg[];
  readonly conditions?: readonly Condition[];
}

interface ConditionCheck extends ConditionSeen {
  readonly isMet: boolean;
}

/** Every condition with what the state has to say to it, those of the legs first. */
export function conditionChecks(
  state: LedgerState,
  { legs, conditions = [] }: Conditional,
): ConditionCheck[] {
  return [
    ...legs.flatMap((leg, index) => versionChecks(state, leg, `legs[${index}]`)),
    ...conditions.flatMap((condition, index) =>
      accountChecks(state, condition, `conditions[${index}]`),
    ),
  ];
}

function versionChecks(state: LedgerState, leg: Leg, at: string): ConditionCheck[] {
  if (!leg.expectedVersions) return [];
  return (['debit', 'credit'] as const).flatMap((side) => {
    const account = state.accounts.get(leg[side]);
    const field = `${at}.expectedVersions.${side}`;
    return account ? versionCheck(account, leg.expectedVersions?.[side], field) : [];
  });
}

function accountChecks(state: LedgerState, condition: Condition, at: string): ConditionCheck[] {
  const account = state.accounts.get(condition.account);
  if (!account) return [];
  const sums = { balance: balanceOf(account), available: availableOf(account) };
  return [
    ...versionCheck(account, condition.version, `${at}.version`),
    ...boundsOf(condition).flatMap(([sum, bound, expected]) => {
      const wanted = parseSum(expected, account.scale);
      if (typeof wanted !== 'bigint') return [];
      const isMet = MEETS[bound](sums[sum], wanted);
      const seen = inCurrencyOf(account, sums[sum]);
      return [{ field: `${at}.${sum}.${bound}`, account: account.address, expected, seen, isMet }];
    }),
  ];
}

const MEETS: Record<keyof Bounds, (seen: bigint, wanted: bigint) => boolean> = {
  gte: (seen, wanted) => seen >= wanted,
  lte: (seen, wanted) => seen <= wanted,
  eq: (seen, wanted) => seen === wanted,
};

function versionCheck(
  { address, version }: Account,
  expected: number | undefined,
  field: string,
): ConditionCheck[] {
  if (expected === undefined) return [];
  const isMet = expected === version;
  return [{ field, account: address, expected: String(expected), seen: String(version), isMet }];
}

function boundsOf(condition: Condition) {
  return SUMS.flatMap((sum) =>
    BOUNDS.flatMap((bound) => {
      const amount = condition[sum]?.[bound];
      return amount === undefined ? [] : [[sum, bound, amount] as const];
    }),
  );
}
