// What a decision looks at, one by one, in the order in which refusals win: every rule with what it saw,
// what was asked and how far it lets things go, whether it was kept or broken. The rules themselves are
// those of the decision.
import { type RefusalCode } from '../errors.js';
import { SUM_INTEGER_DIGITS_MAX } from '../money.js';
import { type Account, type Sums, availableOf, ceilingOf, inCurrencyOf } from './account.js';
import { notPending, transferSeen, unitsTaken } from './act-on-transfer.js';
import {
  BALANCE_RULES,
  BROKEN,
  type BalanceRule,
  beforeAndAfter,
  changeOf,
  withPending,
} from './balance-rules.js';
import { captured } from './capture-transfer.js';
import { conditionChecks } from './conditions.js';
import { isOver, referenceTaken } from './decide-request.js';
import { daysMaxOf, isClosed, isOutOfRange } from './effective-time.js';
import { accountsAfter, movementsOf } from './movements.js';
import { notReversible, unitsReversed } from './reverse-transfer.js';
import { type LedgerState } from './state.js';
import { type Transfer } from './transfer.js';
import {
  type CaptureRequest,
  type Part,
  type Pending,
  type TransferRequest,
  type VoidRequest,
} from './transfer-events.js';

/** One rule as a decision met it. Amounts are decimal strings. */
export interface Check {
  readonly check: RefusalCode;
  /** In a batch: the transfer that was checked. */
  readonly transfer?: string;
  /** Of a rule of an account, or a condition on one. */
  readonly account?: string;
  /** Of a condition, as in the request: `conditions[0].available.gte`. */
  readonly field?: string;
  /** Whether the rule let it pass; the first that did not gives the code of the refusal. */
  readonly passed: boolean;
  /** What was there before. */
  readonly seen: CheckNumbers;
  /** What would have come of it, or what was asked for. */
  readonly asked?: CheckNumbers;
  /** What the rule, or the condition, lets pass. */
  readonly limit?: CheckNumbers;
}

export type CheckNumbers = Readonly<Record<string, unknown>>;

/** Of a transfer, an exchange, or a reversal of which there is something to reverse. */
export function requestChecks(state: LedgerState, request: TransferRequest): Check[] {
  const { pending, legs } = request;
  const after = accountsAfter(state, movementsOf(state, legs, pending ? 'pending' : 'posted'));
  return [
    ...(pending ? [holdCheck(pending, request.recordedAt)] : []),
    ...timeChecks(state, request),
    ...referenceCheck(state, request),
    ...conditionChecks(state, request).map(({ field, account, isMet, seen, expected }): Check => ({
      ...{ check: 'CONDITIONS_NOT_MET', account, field, passed: isMet },
      ...{ seen: { value: seen }, limit: { value: expected } },
    })),
    ...balanceChecks(state, after),
  ];
}

export function reversalChecks(
  state: LedgerState,
  request: TransferRequest,
  { transfer, parts }: { readonly transfer: Transfer; readonly parts: readonly Part[] | null },
): Check[] {
  const seen = seenOf(transfer);
  const taken = unitsReversed(state, transfer, parts);
  const passed = notReversible(state, transfer) === undefined;
  return [
    { check: 'TRANSFER_NOT_REVERSIBLE', passed, seen },
    { check: 'AMOUNT_EXCEEDS_POSTED', passed: taken !== undefined, seen, asked: { parts } },
    ...(passed && taken ? requestChecks(state, request) : []),
  ];
}

export function captureChecks(
  state: LedgerState,
  transfer: Transfer,
  request: CaptureRequest,
): Check[] {
  const taken = unitsTaken(state, transfer, request.parts, ({ held }) => held);
  const { after } = taken ? captured(state, transfer, { taken, final: request.final }) : NOTHING;
  return [
    ...heldChecks(state, transfer, request),
    ...timeChecks(state, request),
    ...balanceChecks(state, after),
  ];
}

export function voidChecks(state: LedgerState, transfer: Transfer, request: VoidRequest): Check[] {
  return heldChecks(state, transfer, request);
}

const NOTHING = { after: [] } as const;

function heldChecks(
  state: LedgerState,
  transfer: Transfer,
  { parts, recordedAt }: CaptureRequest | VoidRequest,
): Check[] {
  const seen = seenOf(transfer);
  const early = notPending(state, transfer, recordedAt)?.code;
  const taken = unitsTaken(state, transfer, parts, ({ held }) => held);
  return [
    { check: 'TRANSFER_NOT_PENDING', passed: early !== 'TRANSFER_NOT_PENDING', seen },
    expiryCheck(transfer.expiresAt, recordedAt, early !== 'TRANSFER_EXPIRED'),
    { check: 'AMOUNT_EXCEEDS_HELD', passed: taken !== undefined, seen, asked: { parts } },
  ];
}

function holdCheck({ expiresAt }: Pending, recordedAt: string): Check {
  return expiryCheck(expiresAt, recordedAt, !isOver(expiresAt, recordedAt));
}

function expiryCheck(expiresAt: string | null, recordedAt: string, passed: boolean): Check {
  return { check: 'TRANSFER_EXPIRED', passed, seen: { recordedAt }, limit: { expiresAt } };
}

function timeChecks(
  state: LedgerState,
  { effectiveAt, recordedAt }: Pick<TransferRequest, 'effectiveAt' | 'recordedAt'>,
): Check[] {
  return [
    {
      check: 'EFFECTIVE_AT_OUT_OF_RANGE',
      passed: !isOutOfRange(state, { effectiveAt, recordedAt }),
      seen: { recordedAt },
      asked: { effectiveAt },
      limit: daysMaxOf(state),
    },
    {
      check: 'PERIOD_CLOSED',
      passed: !isClosed(state, effectiveAt),
      seen: { closedThrough: state.closedThrough },
      asked: { effectiveAt },
    },
  ];
}

function referenceCheck(state: LedgerState, request: TransferRequest): Check[] {
  const { reference } = request;
  if (reference === null || !state.header?.rules.uniqueReferences) return [];
  const taken = referenceTaken(state, request);
  const usedAt = state.references.get(reference) ?? null;
  return [
    {
      check: 'REFERENCE_TAKEN',
      passed: taken === undefined,
      seen: { usedAtRevision: usedAt },
      asked: { reference },
    },
  ];
}

function balanceChecks(state: LedgerState, after: readonly Account[]): Check[] {
  const pairs = beforeAndAfter(state, after);
  return BALANCE_RULES.flatMap((check) =>
    pairs.map((pair) => ({
      check,
      account: pair.after.address,
      passed: !BROKEN[check](pair.before, pair.after),
      ...NUMBERS[check](pair.before, pair.after),
    })),
  );
}

type Numbers = Pick<Check, 'seen' | 'asked' | 'limit'>;

/** The numbers that each rule looks at. */
const NUMBERS: Record<BalanceRule, (before: Account, after: Account) => Numbers> = {
  ACCOUNT_CLOSED: ({ status }) => ({ seen: { status } }),
  ACCOUNT_FROZEN: (before, after) => ({
    seen: { freeze: before.freeze },
    asked: {
      posted: added(after, after.posted, before.posted),
      pending: added(after, after.pending, before.pending),
    },
  }),
  INSUFFICIENT_FUNDS: (before, after) => ({
    seen: { available: inCurrencyOf(before, availableOf(before)) },
    asked: { change: changeOf(before, after), available: inCurrencyOf(after, availableOf(after)) },
    limit: { overdraftLimit: inCurrencyOf(before, before.overdraftLimit) },
  }),
  // With everything that pending transfers may still bring in.
  BALANCE_LIMIT_EXCEEDED: (before, after) => ({
    seen: { highestBalance: inCurrencyOf(before, ceilingOf(before)) },
    asked: { highestBalance: inCurrencyOf(after, ceilingOf(after)) },
    limit: { balanceLimit: inCurrencyOf(before, before.balanceLimit) },
  }),
  AMOUNT_OVERFLOW: (before, after) => ({
    seen: sumsOf(before),
    asked: sumsOf(after),
    limit: { digitsBeforeThePoint: SUM_INTEGER_DIGITS_MAX },
  }),
};

function added(account: Account, after: Sums, before: Sums): CheckNumbers {
  return {
    debits: inCurrencyOf(account, after.debits - before.debits),
    credits: inCurrencyOf(account, after.credits - before.credits),
  };
}

function sumsOf(account: Account): CheckNumbers {
  const { debits, credits } = withPending(account);
  return { debits: inCurrencyOf(account, debits), credits: inCurrencyOf(account, credits) };
}

function seenOf(transfer: Transfer): CheckNumbers {
  return { ...transferSeen(transfer) };
}
