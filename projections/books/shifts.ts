// What legs do to the sums of their two accounts, always the same on both, and what an event has to
// record of every account it touched.
import { type Leg, type ResultingBalance } from '../../src/domain/ledger/transfer-events.js';
import { type MinorUnits, formatAmount, toMinorUnits } from '../../src/domain/money.js';
import { type RecordedEvent } from '../../src/event-store/codec.js';
import { availableOf, balanceOf, livingAccount, placeOf } from './account-books.js';
import { type AccountBook, type Movement, type Side } from './booking.js';
import { nextDigest } from './digest.js';
import { type Books } from './touched.js';
import { violation } from './violation.js';

/** By how much of its amount a leg changes what is posted and what is held. */
const EFFECTS = {
  post: { posted: 1n, pending: 0n },
  hold: { posted: 0n, pending: 1n },
  capture: { posted: 1n, pending: -1n },
  release: { posted: 0n, pending: -1n },
} as const;

/** A leg of a transfer, or a share of it, and what becomes of it. */
export interface Shift {
  /** Which leg of the transfer, counted from 0. */
  readonly number: number;
  readonly leg: Leg;
  readonly effect: keyof typeof EFFECTS;
}

/** An event being booked, with the accounts it has touched so far, as they are by then. */
export interface Touching {
  readonly books: Books;
  readonly recorded: RecordedEvent;
  readonly touched: Map<string, AccountBook>;
}

/** Shifts what one transfer, or one act on it, shifts: each account's version is one higher then. */
export function shift(
  { books, recorded, touched }: Touching,
  shifts: readonly Shift[],
  entry: Pick<Movement, 'transferId' | 'batchIndex' | 'effectiveAt' | 'description'>,
): Movement[] {
  const raised = new Set<string>();
  const accountFor = (address: string, { currency }: Leg): AccountBook => {
    const account = touched.get(address) ?? livingAccount(books, recorded, address);
    if (account.currency !== currency) {
      throw violation(recorded, `account ${address} does not keep ${currency}`);
    }
    if (raised.has(address)) return account;
    raised.add(address);
    return { ...account, ...placeOf(recorded), version: account.version + 1 };
  };
  return shifts.flatMap(({ number, leg, effect }) => {
    const { posted, pending } = EFFECTS[effect];
    const entries = sidesOf(leg).map(({ side, address, counterparty }): Movement => {
      const account = accountFor(address, leg);
      const units = toMinorUnits(leg.amount, account.scale);
      if (units <= 0n) throw violation(recorded, `leg ${number} moves ${leg.amount}`);
      const after = grown(account, side, { posted: posted * units, pending: pending * units });
      if (after.pending.debits < 0n || after.pending.credits < 0n) {
        throw violation(recorded, `it releases more than ${address} holds`);
      }
      const digest =
        posted === 0n
          ? after.digest
          : nextDigest(after.digest, {
              ...{ eventId: recorded.id, revision: recorded.revision },
              ...{ batchIndex: entry.batchIndex, leg: number },
              units: side === 'debit' ? units : -units,
            });
      touched.set(address, { ...after, digest });
      const { amount, currency } = leg;
      const balance = formatAmount(balanceOf(after), after.scale);
      const accountType = after.type;
      const where = { ...entry, leg: number, side, account: address, accountType, counterparty };
      return { ...where, amount, currency, balance };
    });
    return posted === 0n ? [] : entries;
  });
}

/** Every account touched must be recorded, and none else, as it was arrived at here. */
export function checkBalances(
  { recorded, touched }: Touching,
  balances: readonly ResultingBalance[],
): void {
  for (const { account: address, version, balance, available } of balances) {
    const account = touched.get(address);
    const agrees =
      account?.version === version &&
      formatAmount(balanceOf(account), account.scale) === balance &&
      formatAmount(availableOf(account), account.scale) === available;
    if (agrees) continue;
    throw violation(
      recorded,
      `it records ${address} at version ${version} with ${balance}, ${available} of it available; ` +
        `the sum of the log is ${account ? summed(account) : 'that it was not touched'}`,
    );
  }
  if (new Set(balances.map(({ account }) => account)).size !== touched.size) {
    throw violation(recorded, 'it does not record the balance of every account it touches');
  }
}

function summed(account: AccountBook): string {
  const written = (units: MinorUnits) => formatAmount(units, account.scale);
  const [balance, available] = [balanceOf(account), availableOf(account)].map(written);
  return `version ${account.version} with ${balance}, ${available} of it available`;
}

function sidesOf({ debit, credit }: Leg) {
  return [
    { side: 'debit', address: debit, counterparty: credit },
    { side: 'credit', address: credit, counterparty: debit },
  ] as const;
}

function grown(
  account: AccountBook,
  side: Side,
  by: { readonly posted: MinorUnits; readonly pending: MinorUnits },
): AccountBook {
  const sums = side === 'debit' ? 'debits' : 'credits';
  const plus = (which: 'posted' | 'pending') => ({
    ...account[which],
    [sums]: account[which][sums] + by[which],
  });
  return { ...account, posted: plus('posted'), pending: plus('pending') };
}
