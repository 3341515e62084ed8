// What events move on accounts: posted and pending sums, always the same on the debit side of one
// account and on the credit side of another, so that debits equal credits at every position of the log.
import { InvariantViolation } from '../errors.js';
import { type MinorUnits, toMinorUnits } from '../money.js';
import { type Account, type Sums, availableOf, balanceOf, inCurrencyOf } from './account.js';
import { type Leg, type LegTotals, type ResultingBalance } from './transfer-events.js';
import { type LedgerState } from './state.js';
import { type Transfer } from './transfer.js';

/** What is added to the sums of both accounts of a leg; negative takes away. */
export interface Movement {
  readonly leg: Pick<Leg, 'debit' | 'credit'>;
  readonly posted: MinorUnits;
  readonly pending: MinorUnits;
}

/** The legs of a transfer that is posted, or only held. */
export function movementsOf(
  state: LedgerState,
  legs: readonly Leg[],
  how: 'posted' | 'pending',
): Movement[] {
  return legs.map((leg) => {
    const units = toMinorUnits(leg.amount, scaleOfLeg(state, leg));
    return {
      leg,
      posted: how === 'posted' ? units : 0n,
      pending: how === 'pending' ? units : 0n,
    };
  });
}

/** What an act moves that takes the legs of a transfer to these totals. */
export function movementsTo(
  state: LedgerState,
  { legs, totals: before }: Transfer,
  after: readonly LegTotals[],
): Movement[] {
  return legs.flatMap((leg, index) => {
    const [from, to] = [before[index], after[index]];
    if (!from || !to) throw new InvariantViolation(`Leg ${index} of a transfer has no totals`);
    const scale = scaleOfLeg(state, leg);
    const grown = (which: 'posted' | 'held') =>
      toMinorUnits(to[which], scale) - toMinorUnits(from[which], scale);
    const movement = { leg, posted: grown('posted'), pending: grown('held') };
    return movement.posted === 0n && movement.pending === 0n ? [] : [movement];
  });
}

/** Decimals of the currency in which a leg moves. */
export function scaleOfLeg(state: LedgerState, { debit }: Pick<Leg, 'debit'>): number {
  return openedAccount(state, debit).scale;
}

/** Every account moved, as it is afterwards, in order of first mention; each version is one higher. */
export function accountsAfter(state: LedgerState, movements: readonly Movement[]): Account[] {
  const changed = new Map<string, Account>();
  const move = (address: string, side: keyof Sums, movement: Movement) => {
    const seen = changed.get(address);
    const before = seen ?? openedAccount(state, address);
    const version = seen ? seen.version : before.version + 1;
    changed.set(address, { ...before, version, ...sumsAfter(before, side, movement) });
  };
  for (const movement of movements) {
    move(movement.leg.debit, 'debits', movement);
    move(movement.leg.credit, 'credits', movement);
  }
  return [...changed.values()];
}

/** What an event records of an account that it changed. */
export function resultingBalance(account: Account): ResultingBalance {
  return {
    account: account.address,
    currency: account.currency,
    version: account.version,
    balance: inCurrencyOf(account, balanceOf(account)),
    available: inCurrencyOf(account, availableOf(account)),
  };
}

function sumsAfter(
  { address, posted, pending }: Account,
  side: keyof Sums,
  movement: Movement,
): Pick<Account, 'posted' | 'pending'> {
  const after = plus(pending, side, movement.pending);
  if (after[side] < 0n) throw new InvariantViolation(`${address} would release more than it holds`);
  return { posted: plus(posted, side, movement.posted), pending: after };
}

function plus(sums: Sums, side: keyof Sums, units: MinorUnits): Sums {
  if (units === 0n) return sums;
  const { debits, credits } = sums;
  return side === 'debits'
    ? { debits: debits + units, credits }
    : { debits, credits: credits + units };
}

/** An account that has to be there. Throws InvariantViolation when it was never opened. */
export function openedAccount(state: LedgerState, address: string): Account {
  const account = state.accounts.get(address);
  if (account) return account;
  throw new InvariantViolation(`A transfer names ${address}, which was never opened`);
}
