// Whether the request for a transfer fits the ledger, how it is recorded, and in what a repeated one
// differs. A request that does not fit is turned away without a trace.
import { unknownCurrency } from '../currencies.js';
import { formatAmount, parseAmount } from '../money.js';
import { conditionProblems } from './conditions.js';
import { scaleOf } from './evolve.js';
import { type Metadata } from './metadata.js';
import { type LedgerState } from './state.js';
import { type Condition, type Leg, type Pending } from './transfer-events.js';
import { type Unfit, unknownAccount } from './unfit.js';

export const LEGS_MAX = 100;
export const TRANSFER_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._:~-]{0,63}$/;
export const TRANSFER_ID_EXPECTED =
  '1 to 64 letters, digits and "._:~-", beginning with a letter or digit; a UUID is a good choice';
export const REFERENCE_LENGTH_MAX = 200;
export const DESCRIPTION_LENGTH_MAX = 500;

/** What a caller asks to move, as far as transfers of every kind have it in common. */
export interface WrittenTransfer {
  /** The caller's idempotency key: decided once, for ever. */
  readonly id: string;
  readonly legs: readonly Leg[];
  /** RFC 3339 in UTC with milliseconds; null is the time of recording. */
  readonly effectiveAt: string | null;
  readonly reference: string | null;
  readonly description: string | null;
  readonly metadata: Metadata;
  readonly conditions: readonly Condition[];
  /** Null is to be posted at once. */
  readonly pending: Pending | null;
}

/** Everything about the request that does not fit the ledger; `prefix` goes before each field. */
export function transferProblems(
  state: LedgerState,
  request: WrittenTransfer,
  prefix = '',
): Unfit[] {
  return [
    ...idProblems(request.id),
    ...legCountProblems(request.legs),
    ...request.legs.flatMap((leg, index) => legProblems(state, leg, `legs[${index}]`)),
    ...conditionProblems(state, request.conditions),
  ].map((problem) => ({ ...problem, field: `${prefix}${problem.field}` }));
}

export function idProblems(id: string): Unfit[] {
  if (TRANSFER_ID_PATTERN.test(id)) return [];
  const problem = 'not a transfer id';
  return [{ code: 'INVALID_TRANSFER', field: 'id', problem, expected: TRANSFER_ID_EXPECTED }];
}

function legCountProblems({ length }: readonly Leg[]): Unfit[] {
  if (length >= 1 && length <= LEGS_MAX) return [];
  const expected = `1 to ${LEGS_MAX} legs`;
  return [{ code: 'INVALID_TRANSFER', field: 'legs', problem: `${length} legs`, expected }];
}

function legProblems(state: LedgerState, leg: Leg, at: string): Unfit[] {
  return [
    ...currencyProblems(state, leg, at),
    ...(leg.debit === leg.credit
      ? [
          {
            code: 'SAME_ACCOUNT' as const,
            field: `${at}.credit`,
            problem: `debits and credits the same account, "${leg.credit}"`,
            expected: 'two different accounts',
          },
        ]
      : []),
    ...accountProblems(state, leg, 'debit', at),
    ...accountProblems(state, leg, 'credit', at),
  ];
}

function currencyProblems(state: LedgerState, leg: Leg, at: string): Unfit[] {
  const scale = scaleOf(state, leg.currency);
  if (scale !== undefined) return amountProblems(leg, scale, `${at}.amount`);
  const field = `${at}.currency`;
  return [{ code: 'UNKNOWN_CURRENCY', field, ...unknownCurrency(leg.currency) }];
}

/** What is wrong with an amount to move; nothing when it can be moved. */
export function amountProblems(
  { amount, currency }: { readonly amount: string; readonly currency: string },
  scale: number,
  field: string,
): Unfit[] {
  const units = parseAmount(amount, scale);
  if (typeof units === 'bigint' && units > 0n) return [];
  const problem =
    units === 'too many decimals'
      ? `"${amount}" has more decimals than ${currency}`
      : `"${amount}" is not an amount to move`;
  return [
    {
      code: 'INVALID_AMOUNT',
      field,
      problem,
      expected:
        `a decimal string greater than zero with at most ${scale} decimals and 30 digits before ` +
        `the point, such as "${formatAmount(1250n, scale)}"`,
    },
  ];
}

function accountProblems(
  state: LedgerState,
  leg: Leg,
  side: 'debit' | 'credit',
  at: string,
): Unfit[] {
  const address = leg[side];
  const account = state.accounts.get(address);
  if (!account) return [unknownAccount(address, `${at}.${side}`)];
  const known = scaleOf(state, leg.currency) !== undefined;
  if (!known || account.currency === leg.currency) return [];
  return [
    {
      code: 'CURRENCY_MISMATCH',
      field: `${at}.currency`,
      problem: `account "${address}" keeps ${account.currency}, the leg moves ${leg.currency}`,
      expected: `${account.currency}, or an account that keeps ${leg.currency}`,
    },
  ];
}

/** With all decimals of its currency. An amount that cannot be read is kept as written. */
export function canonicalLeg(state: LedgerState, leg: Leg): Leg {
  const { debit, credit, amount, currency, expectedVersions } = leg;
  const seen = { debit: expectedVersions?.debit, credit: expectedVersions?.credit };
  return {
    debit,
    credit,
    amount: canonicalAmount(amount, scaleOf(state, currency)),
    currency,
    ...((seen.debit ?? seen.credit) !== undefined && {
      expectedVersions: {
        ...(seen.debit !== undefined && { debit: seen.debit }),
        ...(seen.credit !== undefined && { credit: seen.credit }),
      },
    }),
  };
}

/** An amount that cannot be read is kept as written: it then differs from every recorded one. */
export function canonicalAmount(amount: string, scale: number | undefined): string {
  const units = scale === undefined ? undefined : parseAmount(amount, scale);
  return typeof units === 'bigint' && scale !== undefined ? formatAmount(units, scale) : amount;
}
