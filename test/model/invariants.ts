// What holds after every command, whatever it was.
import { type Account, availableOf, ceilingOf } from '../../src/domain/ledger/account.js';
import { type LedgerState } from '../../src/domain/ledger/state.js';
import { type Answer } from './answer.js';

/** `before` and `after`: every account, in the same order. */
export function expectInvariants(
  before: readonly Account[],
  after: readonly Account[],
  answer: Answer,
): void {
  for (const which of ['posted', 'pending'] as const) expectBalanced(after, which);
  for (const account of after) {
    const { debits, credits } = account.pending;
    if (debits < 0n || credits < 0n) throw new Error(`${account.address} holds less than nothing`);
  }
  if (answer.kind !== 'event' || answer.refused) expectUnmoved(before, after);
  else if (answer.balances) expectRulesKept(before, after);
  const refusedBy = answer.kind === 'event' && answer.type === 'CaptureRefused' && answer.refused;
  // What was reserved can be taken, whatever happened since.
  if (refusedBy && BALANCE_CODES.includes(refusedBy.code)) throw new Error(refusedBy.code);
}

const BALANCE_CODES = [
  ...['ACCOUNT_CLOSED', 'INSUFFICIENT_FUNDS', 'BALANCE_LIMIT_EXCEEDED', 'AMOUNT_OVERFLOW'],
];

export function accountsOf(state: LedgerState, addresses: readonly string[]): Account[] {
  return addresses.flatMap((address) => state.accounts.get(address) ?? []);
}

/** Of the legs of every pending transfer: nothing less than nothing, reversed never beyond posted. */
export function expectSoundTransfers(state: LedgerState, ids: readonly string[]): void {
  for (const id of ids) {
    for (const { held, posted, reversed } of state.transfers.get(id)?.totals ?? []) {
      const sound = [held, posted, reversed].every((amount) => !amount.startsWith('-'));
      if (sound && BigInt(digits(reversed)) <= BigInt(digits(posted))) continue;
      throw new Error(`${id} holds ${held}, posted ${posted} and reversed ${reversed}`);
    }
  }
}

function expectBalanced(accounts: readonly Account[], which: 'posted' | 'pending'): void {
  const sums = new Map<string, bigint>();
  for (const account of accounts) {
    const { debits, credits } = account[which];
    sums.set(account.currency, (sums.get(account.currency) ?? 0n) + debits - credits);
  }
  for (const [currency, sum] of sums) {
    if (sum !== 0n) throw new Error(`${which} in ${currency}: debits are ${sum} beyond credits`);
  }
}

function expectUnmoved(before: readonly Account[], after: readonly Account[]): void {
  for (const [index, account] of before.entries()) {
    if (account !== after[index]) throw new Error(`${account.address} changed`);
  }
}

/** No limit is passed by an account that came nearer to it. */
function expectRulesKept(before: readonly Account[], after: readonly Account[]): void {
  for (const [index, now] of after.entries()) {
    const then = before[index];
    if (!then) throw new Error(`${now.address} was not there before`);
    if (then.status === 'closed' && then !== now) throw new Error(`${now.address} was closed`);
    const { overdraftLimit, balanceLimit } = now;
    const [available, ceiling] = [availableOf(now), ceilingOf(now)];
    const low = overdraftLimit !== null && available < -overdraftLimit;
    const high = balanceLimit !== null && ceiling > balanceLimit;
    if (low && available < availableOf(then)) throw new Error(`${now.address} is overdrawn`);
    if (high && ceiling > ceilingOf(then)) throw new Error(`${now.address} is too full`);
  }
}

function digits(amount: string): string {
  return amount.replace('.', '');
}
