// What one transfer, or one act on one, does to accounts. Every leg debits one and credits another; the
// sides are added up one by one, so that books which do not balance show.
import { nextDigest } from '../../books/digest.js';
import { type AuditedAccount, availableOf, balanceOf } from './account.js';
import { textOf, unitsOf } from './amounts.js';
import { type AuditedLedger, type Auditing, openedAccount } from './ledger.js';
import { brokenRules } from './rules.js';

/** A leg, or a share of one, and by how much of its amount what is posted and what is held changes. */
export interface Movement {
  /** Which leg of the transfer, counted from 0. */
  readonly leg: number;
  readonly debit: string;
  readonly credit: string;
  readonly amount: string;
  readonly currency: string;
  readonly posted: 0n | 1n;
  readonly held: -1n | 0n | 1n;
}

/** Changes the accounts of the ledger; `batchIndex` is the place of the transfer in its batch. */
export function settle(at: Auditing, batchIndex: number, movements: readonly Movement[]): void {
  const { ledger } = at;
  const touched = new Map<string, { before: AuditedAccount; after: AuditedAccount }>();
  const afterOf = (address: string): AuditedAccount => {
    const seen = touched.get(address);
    if (seen) return seen.after;
    const before = openedAccount(ledger, address);
    const after = { ...before, version: before.version + 1 };
    touched.set(address, { before, after });
    return after;
  };
  for (const movement of movements) enter(at, movement, batchIndex, afterOf);
  for (const { before, after } of touched.values()) {
    brokenRules(before, after).forEach(at.tell);
    ledger.accounts.set(after.address, after);
  }
}

function enter(
  { ledger, recorded, tell }: Auditing,
  { leg, debit, credit, amount, currency, posted, held }: Movement,
  batchIndex: number,
  afterOf: (address: string) => AuditedAccount,
): void {
  const { id: eventId, revision } = recorded;
  for (const [side, account] of [
    ['debit', afterOf(debit)],
    ['credit', afterOf(credit)],
  ] as const) {
    const units = unitsOf(amount, account.scale);
    if (units <= 0n) tell({ what: `amount of leg ${leg}`, expected: 'above 0', found: amount });
    if (account.currency !== currency) {
      const what = `currency of leg ${leg}`;
      tell({ account: account.address, what, expected: account.currency, found: currency });
    }
    if (side === 'debit') {
      account.debits += posted * units;
      account.pendingDebits += held * units;
    } else {
      account.credits += posted * units;
      account.pendingCredits += held * units;
    }
    const signed = side === 'debit' ? units : -units;
    exceed(ledger, account.currency, { posted: posted * signed, held: held * signed });
    if (posted === 0n) continue;
    account.entries += 1;
    const entry = { eventId, revision, batchIndex, leg, units: signed };
    account.digest = nextDigest(account.digest, entry);
  }
}

function exceed(
  { excess }: AuditedLedger,
  currency: string,
  by: { readonly posted: bigint; readonly held: bigint },
): void {
  for (const which of ['posted', 'held'] as const) {
    if (by[which] === 0n) continue;
    excess[which].set(currency, (excess[which].get(currency) ?? 0n) + by[which]);
  }
}

/** Debits equal credits in every currency; where they do not, they count as equal from here on. */
export function checkExcess({ ledger, tell }: Auditing): void {
  for (const which of ['posted', 'held'] as const) {
    for (const [currency, units] of ledger.excess[which]) {
      if (units === 0n) continue;
      const what = `debits less credits ${which} in ${currency}, in its smallest unit`;
      tell({ what, expected: '0', found: String(units) });
      ledger.excess[which].set(currency, 0n);
    }
  }
}

/** What an event has to record of an account. */
interface RecordedBalance {
  readonly account: string;
  readonly version: number;
  readonly balance: string;
  readonly available: string;
}

/** Every account touched is recorded as it is now, and no other is. */
export function checkBalances(
  { ledger, tell }: Auditing,
  touched: ReadonlySet<string>,
  balances: readonly RecordedBalance[],
): void {
  const recorded = new Map(balances.map((balance) => [balance.account, balance]));
  for (const account of new Set([...touched, ...recorded.keys()])) {
    const told = recorded.get(account);
    const due = touched.has(account) ? openedAccount(ledger, account) : undefined;
    const expected = due
      ? written(due.version, balanceOf(due), availableOf(due), due.scale)
      : NOTHING;
    const found = told ? `version ${told.version}, ${told.balance}, ${told.available}` : NOTHING;
    if (expected !== found) {
      tell({ account, what: 'recorded version, balance, available', expected, found });
    }
  }
}

const NOTHING = 'nothing';

function written(version: number, balance: bigint, available: bigint, scale: number): string {
  return `version ${version}, ${textOf(balance, scale)}, ${textOf(available, scale)}`;
}
