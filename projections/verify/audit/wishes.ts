// What a transfer that was made had to fulfil beside the rules of accounts: its time, its reference, and
// what its caller asked of the accounts.
import {
  type Bounds,
  type Condition,
  type TransferRequest,
} from '../../../src/domain/ledger/transfer-events.js';
import { type Discrepancy } from '../finding.js';
import { availableOf, balanceOf } from './account.js';
import { textOf, unitsOf } from './amounts.js';
import { type Auditing, openedAccount } from './ledger.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** To be called before the transfer is settled. */
export function checkWishes(at: Auditing, request: TransferRequest): void {
  const { ledger, tell } = at;
  checkTime(at, request);
  const expiresAt = request.pending?.expiresAt ?? null;
  if (expiresAt !== null && request.recordedAt >= expiresAt) {
    tell({ what: 'expiry', expected: `after ${request.recordedAt}`, found: expiresAt });
  }
  const { reference } = request;
  if (reference !== null && ledger.rules.uniqueReferences) {
    if (ledger.references.has(reference)) {
      tell({ what: 'reference', expected: 'one that was not used before', found: reference });
    }
    ledger.references.add(reference);
  }
  request.legs.forEach(({ debit, credit, expectedVersions = {} }) => {
    checkVersion(at, debit, expectedVersions.debit);
    checkVersion(at, credit, expectedVersions.credit);
  });
  for (const condition of request.conditions ?? []) checkCondition(at, condition);
}

/** Not in a period that is closed, and not further from its recording than the ledger allows. */
export function checkTime(
  { ledger, tell }: Auditing,
  { effectiveAt, recordedAt }: { readonly effectiveAt: string; readonly recordedAt: string },
): void {
  const { closedThrough, rules } = ledger;
  if (closedThrough !== null && effectiveAt.slice(0, 10) <= closedThrough) {
    tell({ what: 'effective time', expected: `after ${closedThrough}`, found: effectiveAt });
  }
  if (effectiveAt === recordedAt) return;
  const days = (Date.parse(effectiveAt) - Date.parse(recordedAt)) / DAY_MS;
  const { pastDaysMax, futureDaysMax } = rules;
  if (
    (pastDaysMax !== null && -days > pastDaysMax) ||
    (futureDaysMax !== null && days > futureDaysMax)
  ) {
    const expected = `from ${pastDaysMax ?? 'any'} days before to ${futureDaysMax ?? 'any'} after`;
    tell({ what: 'effective time', expected: `${expected} ${recordedAt}`, found: effectiveAt });
  }
}

function checkVersion({ ledger, tell }: Auditing, account: string, version?: number): void {
  const found = openedAccount(ledger, account).version;
  if (version === undefined || version === found) return;
  const expected = `the version asked for, ${version}`;
  tell({ account, what: 'condition', expected, found: String(found) });
}

function checkCondition(at: Auditing, condition: Condition): void {
  checkVersion(at, condition.account, condition.version);
  const account = openedAccount(at.ledger, condition.account);
  const sums = { balance: balanceOf(account), available: availableOf(account) };
  for (const sum of ['balance', 'available'] as const) {
    const broken = brokenBounds(sums[sum], account.scale, condition[sum] ?? {});
    for (const discrepancy of broken) at.tell({ account: account.address, ...discrepancy });
  }
}

function brokenBounds(units: bigint, scale: number, { gte, lte, eq }: Bounds): Discrepancy[] {
  const found = textOf(units, scale);
  const unless = (bound: string | undefined, word: string, holds: (wanted: bigint) => boolean) =>
    bound === undefined || holds(unitsOf(bound, scale))
      ? []
      : [{ what: 'condition', expected: `${word} ${bound}`, found }];
  return [
    ...unless(gte, 'at least', (wanted) => units >= wanted),
    ...unless(lte, 'at most', (wanted) => units <= wanted),
    ...unless(eq, 'exactly', (wanted) => units === wanted),
  ];
}
