// What legs do to the sums of their two accounts, always the same on both, and what an event has to
// record of every account it touched.
import { type Sums } from '../../src/domain/ledger/account.js';
import { type Leg, type ResultingBalance } from '../../src/domain/ledger/transfer-events.js';
import { type MinorUnits, formatAmount, toMinorUnits } from '../../src/domain/money.js';
import { type RecordedEvent } from '../../src/event-store/codec.js';
import { type Running, afterLeg, availableOf, balanceOf, livingAccount } from './account-books.js';
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

/** What the entries of one transfer, or of one act on it, have in common. */
type EntryOf = Pick<Movement, 'transferId' | 'batchIndex' | 'effectiveAt' | 'description'>;

/** Shifts what one transfer, or one act on it, shifts: each account's version is one higher then. */
export function shift(at: Touching, shifts: readonly Shift[], entry: EntryOf): Movement[] {
  const { books, recorded, touched } = at;
  const raised = new Set<string>();
  return shifts.flatMap((shifted) => {
    const { leg, number, effect } = shifted;
    const movements = sidesOf(leg).map(({ side, address, counterparty }): Movement => {
      const account = touched.get(address) ?? livingAccount(books, recorded, address);
      const version = raised.has(address) ? account.version : account.version + 1;
      raised.add(address);
      const running = runningAfter(account, side, shifted, entry, recorded);
      const after = afterLeg(account, version, running, recorded);
      touched.set(address, after);
      return {
        transferId: entry.transferId,
        batchIndex: entry.batchIndex,
        leg: number,
        side,
        account: address,
        accountType: after.type,
        counterparty,
        amount: leg.amount,
        currency: leg.currency,
        balance: formatAmount(balanceOf(after), after.scale),
        effectiveAt: entry.effectiveAt,
        description: entry.description,
      };
    });
    return EFFECTS[effect].posted === 0n ? [] : movements;
  });
}

function runningAfter(
  account: AccountBook,
  side: Side,
  { number, leg, effect }: Shift,
  { batchIndex }: EntryOf,
  recorded: RecordedEvent,
): Running {
  if (account.currency !== leg.currency) {
    throw violation(recorded, `account ${account.address} does not keep ${leg.currency}`);
  }
  const units = toMinorUnits(leg.amount, account.scale);
  if (units <= 0n) throw violation(recorded, `leg ${number} moves ${leg.amount}`);
  const by = EFFECTS[effect];
  const pending = grown(account.pending, side, by.pending * units);
  if (pending.debits < 0n || pending.credits < 0n) {
    throw violation(recorded, `it releases more than ${account.address} holds`);
  }
  if (by.posted === 0n) return { posted: account.posted, pending, digest: account.digest };
  const digest = nextDigest(account.digest, {
    eventId: recorded.id,
    revision: recorded.revision,
    batchIndex,
    leg: number,
    units: side === 'debit' ? units : -units,
  });
  return { posted: grown(account.posted, side, units), pending, digest };
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

function grown({ debits, credits }: Sums, side: Side, by: MinorUnits): Sums {
  return side === 'debit' ? { debits: debits + by, credits } : { debits, credits: credits + by };
}
