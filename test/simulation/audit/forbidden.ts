// What transfers may not do, in the order in which it is told: the first that holds is the refusal, with
// the evidence that has to be recorded.
import { recordedUnits, textOf } from './amounts.js';
import {
  availableOf,
  balanceOf,
  balanceOnceCaptured,
  ceilingOf,
  evidenceOf,
} from './account-state.js';
import { type Draft, type Touched } from './draft.js';
import { type Leg } from './transfer-state.js';

/** Why something is refused. */
export interface Refused {
  readonly code: string;
  /** Without the revision that it was seen at. */
  readonly evidence: object;
}

const SOME_ACCOUNT: readonly (readonly [code: string, (touched: Touched) => boolean])[] = [
  ['ACCOUNT_CLOSED', ({ before }) => before.status === 'closed'],
  [
    'ACCOUNT_FROZEN',
    ({ before, after }) =>
      before.freeze === 'all' ||
      (before.freeze === 'debits' &&
        (after.debits > before.debits || after.pendingDebits > before.pendingDebits)),
  ],
  [
    'INSUFFICIENT_FUNDS',
    ({ before, after }) =>
      before.overdraftLimit !== null &&
      availableOf(after) < availableOf(before) &&
      availableOf(after) < -before.overdraftLimit,
  ],
  [
    'BALANCE_LIMIT_EXCEEDED',
    ({ before, after }) =>
      before.balanceLimit !== null &&
      ceilingOf(after) > ceilingOf(before) &&
      ceilingOf(after) > before.balanceLimit,
  ],
];

/** Why the accounts do not take what was done to them in this draft. */
export function accountsForbid(draft: Draft): Refused | undefined {
  for (const [code, isForbidden] of SOME_ACCOUNT) {
    const broken = draft.touched().filter(isForbidden);
    if (broken.length === 0) continue;
    const accounts = broken.map(({ before, after }) => ({
      ...evidenceOf(before),
      change: textOf(balanceOnceCaptured(after) - balanceOnceCaptured(before), before.scale),
    }));
    return { code, evidence: { accounts } };
  }
  return undefined;
}

/** Why nothing may count at this time. */
export function timeForbids(draft: Draft, effectiveAt: string): Refused | undefined {
  const closedThrough = draft.closedThrough();
  if (closedThrough === null || effectiveAt.slice(0, 10) > closedThrough) return undefined;
  return { code: 'PERIOD_CLOSED', evidence: { accounts: [], closedThrough } };
}

/** Why a request is refused for what the caller himself asked for. */
export function requestForbids(
  draft: Draft,
  request: Wishes,
  revision: number,
): Refused | undefined {
  const { reference, recordedAt, pending } = request;
  const expiresAt = pending?.expiresAt ?? null;
  if (expiresAt !== null && recordedAt >= expiresAt) {
    return { code: 'TRANSFER_EXPIRED', evidence: { accounts: [] } };
  }
  const untimely = timeForbids(draft, request.effectiveAt);
  if (untimely) return untimely;
  const used = reference === null ? undefined : draft.referenceUsedAt(reference, revision);
  if (used !== undefined) {
    const evidence = { accounts: [], reference: { reference, revision: used } };
    return { code: 'REFERENCE_TAKEN', evidence };
  }
  const conditions = unmet(draft, request);
  if (conditions.length === 0) return undefined;
  return { code: 'CONDITIONS_NOT_MET', evidence: { accounts: [], conditions } };
}

export interface Wishes {
  readonly legs: readonly Leg[];
  readonly effectiveAt: string;
  readonly recordedAt: string;
  readonly reference: string | null;
  readonly pending?: { readonly expiresAt: string | null };
  readonly conditions?: readonly Condition[];
}

interface Bounds {
  readonly gte?: string;
  readonly lte?: string;
  readonly eq?: string;
}

export interface Condition {
  readonly account: string;
  readonly version?: number;
  readonly balance?: Bounds;
  readonly available?: Bounds;
}

function unmet(draft: Draft, { legs, conditions = [] }: Wishes): object[] {
  const versions = legs.flatMap((leg, n) =>
    (['debit', 'credit'] as const).flatMap((side) => {
      const field = `legs[${n}].expectedVersions.${side}`;
      return unmetVersion(draft, leg[side], leg.expectedVersions?.[side], field);
    }),
  );
  return [
    ...versions,
    ...conditions.flatMap((condition, n) => [
      ...unmetVersion(draft, condition.account, condition.version, `conditions[${n}].version`),
      ...unmetBounds(draft, condition, `conditions[${n}]`),
    ]),
  ];
}

function unmetVersion(
  draft: Draft,
  address: string,
  expected: number | undefined,
  field: string,
): object[] {
  const version = draft.account(address)?.version;
  if (expected === undefined || expected === version) return [];
  return [{ field, account: address, expected: String(expected), seen: String(version) }];
}

function unmetBounds(draft: Draft, condition: Condition, at: string): object[] {
  const account = draft.account(condition.account);
  if (!account) return [];
  const { address, scale } = account;
  const sums = { balance: balanceOf(account), available: availableOf(account) };
  return (['balance', 'available'] as const).flatMap((sum) =>
    (['gte', 'lte', 'eq'] as const).flatMap((bound) => {
      const expected = condition[sum]?.[bound];
      if (expected === undefined) return [];
      const wanted = recordedUnits(expected, scale);
      const seen = sums[sum];
      const met = { gte: seen >= wanted, lte: seen <= wanted, eq: seen === wanted }[bound];
      if (met) return [];
      const field = `${at}.${sum}.${bound}`;
      return [{ field, account: address, expected, seen: textOf(seen, scale) }];
    }),
  );
}
