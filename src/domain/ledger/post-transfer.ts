// Deciding a transfer: all of its legs or none, against exactly the state it will be appended on.
import { unknownCurrency } from '../currencies.js';
import { type FieldProblem, type RejectionCode } from '../errors.js';
import { formatAmount, parseAmount } from '../money.js';
import { type Account, availableOf, balanceOf, inCurrencyOf } from './account.js';
import { refusalOf } from './balance-rules.js';
import { type Decision, decidedBefore, happened, recordedAtOf, rejected } from './decision.js';
import {
  type Leg,
  type Metadata,
  type ResultingBalance,
  type TransferPosted,
  type TransferRefused,
  type TransferRequest,
} from './events.js';
import { accountsAfter, scaleOf } from './evolve.js';
import { differingMetadata } from './metadata.js';
import { type LedgerState } from './state.js';

export const LEGS_MAX = 100;
export const TRANSFER_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._:~-]{0,63}$/;
export const TRANSFER_ID_EXPECTED =
  '1 to 64 letters, digits and "._:~-", beginning with a letter or digit; a UUID is a good choice';
export const REFERENCE_LENGTH_MAX = 200;
export const DESCRIPTION_LENGTH_MAX = 500;

export interface PostTransfer {
  readonly type: 'PostTransfer';
  /** The caller's idempotency key: decided once, for ever. */
  readonly id: string;
  readonly legs: readonly Leg[];
  /** RFC 3339 in UTC with milliseconds; null is the time of recording. */
  readonly effectiveAt: string | null;
  readonly reference: string | null;
  readonly description: string | null;
  readonly metadata: Metadata;
  readonly now: string;
}

/** Rejections come before refusals; among refusals the order is that of REFUSAL_CODES. */
export function postTransfer(state: LedgerState, command: PostTransfer): Decision {
  if (!state.header) return rejected('LEDGER_NOT_FOUND', 'There is no such ledger.');
  const revision = state.decidedAt.get(command.id);
  if (revision !== undefined) return decidedBefore(revision);
  const unfit = firstUnfit(state, command);
  if (unfit) return unfit;

  const request = requestOf(state, command);
  const after = accountsAfter(state, request.legs);
  const refusal = refusalOf(state, after);
  if (refusal) return happened({ type: 'TransferRefused', data: { ...request, refusal } });
  return happened({
    type: 'TransferPosted',
    data: { ...request, balances: after.map(resultingBalance) },
  });
}

/** The fields in which a repeated request differs from the one recorded under the same id. */
export function postTransferDifferences(
  state: LedgerState,
  { data }: TransferPosted | TransferRefused,
  command: PostTransfer,
): string[] {
  const legs = command.legs.map((leg) => canonicalLeg(state, leg));
  const sameTime = (command.effectiveAt ?? data.recordedAt) === data.effectiveAt;
  return [
    ...differingLegs(data.legs, legs),
    ...(sameTime ? [] : ['effectiveAt']),
    ...(command.reference === data.reference ? [] : ['reference']),
    ...(command.description === data.description ? [] : ['description']),
    ...differingMetadata(data.metadata, command.metadata),
  ];
}

function requestOf(state: LedgerState, command: PostTransfer): TransferRequest {
  const recordedAt = recordedAtOf(command.now, state.recordedAt);
  return {
    id: command.id,
    legs: command.legs.map((leg) => canonicalLeg(state, leg)),
    effectiveAt: command.effectiveAt ?? recordedAt,
    recordedAt,
    reference: command.reference,
    description: command.description,
    metadata: command.metadata,
  };
}

function resultingBalance(account: Account): ResultingBalance {
  return {
    account: account.address,
    currency: account.currency,
    version: account.version,
    balance: inCurrencyOf(account, balanceOf(account)),
    available: inCurrencyOf(account, availableOf(account)),
  };
}

interface Unfit extends FieldProblem {
  readonly code: RejectionCode;
}

// The first problem gives the code, but all problems of all legs are told at once.
function firstUnfit(state: LedgerState, command: PostTransfer): Decision | undefined {
  const problems = [...requestProblems(command), ...command.legs.flatMap(legProblems(state))];
  const [first] = problems;
  if (!first) return undefined;
  const fields = problems.map(({ field, problem, expected }) => ({ field, problem, expected }));
  return rejected(first.code, `${first.field}: ${first.problem}.`, fields);
}

function requestProblems({ id, legs }: PostTransfer): Unfit[] {
  const problems: Unfit[] = [];
  const code = 'INVALID_TRANSFER';
  if (!TRANSFER_ID_PATTERN.test(id)) {
    problems.push({
      code,
      field: 'id',
      problem: 'not a transfer id',
      expected: TRANSFER_ID_EXPECTED,
    });
  }
  if (legs.length < 1 || legs.length > LEGS_MAX) {
    const expected = `1 to ${LEGS_MAX} legs`;
    problems.push({ code, field: 'legs', problem: `${legs.length} legs`, expected });
  }
  return problems;
}

const legProblems =
  (state: LedgerState) =>
  (leg: Leg, index: number): Unfit[] => {
    const at = (field: string) => `legs[${index}].${field}`;
    return [
      ...amountProblems(state, leg, at),
      ...(leg.debit === leg.credit
        ? [
            {
              code: 'SAME_ACCOUNT' as const,
              field: at('credit'),
              problem: `debits and credits the same account, "${leg.credit}"`,
              expected: 'two different accounts',
            },
          ]
        : []),
      ...accountProblems(state, leg, 'debit', at),
      ...accountProblems(state, leg, 'credit', at),
    ];
  };

function amountProblems(state: LedgerState, leg: Leg, at: (field: string) => string): Unfit[] {
  const scale = scaleOf(state, leg.currency);
  if (scale === undefined) {
    const field = at('currency');
    return [{ code: 'UNKNOWN_CURRENCY', field, ...unknownCurrency(leg.currency) }];
  }
  const units = parseAmount(leg.amount, scale);
  if (typeof units === 'bigint' && units > 0n) return [];
  const problem =
    units === 'too many decimals'
      ? `"${leg.amount}" has more decimals than ${leg.currency}`
      : `"${leg.amount}" is not an amount to move`;
  return [
    {
      code: 'INVALID_AMOUNT',
      field: at('amount'),
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
  at: (field: string) => string,
): Unfit[] {
  const address = leg[side];
  const account = state.accounts.get(address);
  if (!account) {
    return [
      {
        code: 'UNKNOWN_ACCOUNT',
        field: at(side),
        problem: `there is no account "${address}" in this ledger`,
        expected: 'the address of an account that was opened before',
      },
    ];
  }
  const known = scaleOf(state, leg.currency) !== undefined;
  if (!known || account.currency === leg.currency) return [];
  return [
    {
      code: 'CURRENCY_MISMATCH',
      field: at('currency'),
      problem: `account "${address}" keeps ${account.currency}, the leg moves ${leg.currency}`,
      expected: `${account.currency}, or an account that keeps ${leg.currency}`,
    },
  ];
}

// An amount that cannot be read is kept as written: it then differs from every recorded one.
function canonicalLeg(state: LedgerState, { debit, credit, amount, currency }: Leg): Leg {
  const scale = scaleOf(state, currency);
  const units = scale === undefined ? undefined : parseAmount(amount, scale);
  const canonical =
    typeof units === 'bigint' && scale !== undefined ? formatAmount(units, scale) : amount;
  return { debit, credit, amount: canonical, currency };
}

function differingLegs(recorded: readonly Leg[], requested: readonly Leg[]): string[] {
  if (recorded.length !== requested.length) return ['legs'];
  return recorded.flatMap((leg, index) =>
    (['debit', 'credit', 'amount', 'currency'] as const)
      .filter((field) => leg[field] !== requested[index]?.[field])
      .map((field) => `legs[${index}].${field}`),
  );
}
