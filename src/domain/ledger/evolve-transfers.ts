// What events about money mean for the books. Each names what it came to, and a fold that arrives
// elsewhere must not go on.
import { InvariantViolation } from '../errors.js';
import { toMinorUnits } from '../money.js';
import { type Account, assertNotClosed, availableOf, balanceOf } from './account.js';
import {
  type BatchPosted,
  type LegTotals,
  type ResultingBalance,
  type TransferCaptured,
  type TransferExpired,
  type TransferHeld,
  type TransferPosted,
  type TransferRefused,
  type TransferRequest,
  type TransferVoided,
} from './transfer-events.js';
import { type Movement, accountsAfter, movementsOf, movementsTo, scaleOfLeg } from './movements.js';
import { type LedgerState } from './state.js';
import { actedOn, newTransfer, typeInBatch } from './transfer.js';

export function recordTransfer(state: LedgerState, event: TransferPosted | TransferHeld): void {
  const { data } = event;
  makeTransfer(state, event.type, data);
  if (event.type === 'TransferPosted' && data.reverses) {
    turnBack(state, data.reverses.transfer, event.data.totals ?? []);
  }
  checkBalances(state, `Transfer ${data.id}`, data.balances);
}

/** Only the layer it was decided in remembers it, for commands that act on it before it is stored. */
export function refuseTransfer(state: LedgerState, { type, data }: TransferRefused): void {
  markDecided(state, data.id);
  state.transfers.set(data.id, newTransfer(type, data));
}

export function recordBatch(state: LedgerState, { data }: BatchPosted): void {
  markDecided(state, data.id);
  for (const request of data.transfers) makeTransfer(state, typeInBatch(request), request);
  checkBalances(state, `Batch ${data.id}`, data.balances);
}

/** Makes a transfer happen that was decided to: alone, or as one of a batch. */
export function makeTransfer(
  state: LedgerState,
  type: 'TransferPosted' | 'TransferHeld',
  request: TransferRequest,
): void {
  markDecided(state, request.id);
  move(state, movementsOf(state, request.legs, type === 'TransferHeld' ? 'pending' : 'posted'));
  state.transfers.set(request.id, newTransfer(type, request));
  noteExpiry(state, request.pending?.expiresAt ?? null);
  if (request.reference !== null && state.header?.rules.uniqueReferences) {
    state.references.set(request.reference, state.revision);
  }
  if (request.exchange) {
    const { rounding, remainder } = request.exchange;
    state.carried.set(rounding.account, remainder.carried);
  }
}

function noteExpiry(state: LedgerState, expiresAt: string | null): void {
  const { nextExpiry } = state;
  if (expiresAt === null || (nextExpiry !== null && nextExpiry <= expiresAt)) return;
  state.nextExpiry = expiresAt;
}

export function actOnPending(
  state: LedgerState,
  event: TransferCaptured | TransferVoided | TransferExpired,
): void {
  const { transfer: id, totals, balances } = event.data;
  const transfer = state.transfers.get(id);
  if (transfer?.state !== 'pending') {
    throw new InvariantViolation(`${event.type} names ${id}, which is not pending`);
  }
  if (event.type !== 'TransferExpired') markDecided(state, event.data.id);
  move(state, movementsTo(state, transfer, totals));
  state.transfers.set(id, actedOn(transfer, totals, event.type));
  state.actedAt.set(id, state.revision);
  checkBalances(state, `${event.type} of ${id}`, balances);
}

/** Marks an id as decided for ever. */
export function markDecided(state: LedgerState, id: string): void {
  if (state.decidedAt.get(id) !== undefined) {
    throw new InvariantViolation(`${id} is decided twice`);
  }
  state.decidedAt.set(id, state.revision);
}

function turnBack(state: LedgerState, id: string, totals: readonly LegTotals[]): void {
  if (state.decidedAt.get(id) === undefined) {
    throw new InvariantViolation(`${id} is reversed, but was never decided`);
  }
  const transfer = state.transfers.get(id);
  if (transfer) {
    transfer.legs.forEach((leg, index) => {
      const scale = scaleOfLeg(state, leg);
      const { posted = '0', reversed = '0' } = totals[index] ?? {};
      if (toMinorUnits(reversed, scale) <= toMinorUnits(posted, scale)) return;
      throw new InvariantViolation(`Leg ${index} of ${id} is reversed beyond what was posted`);
    });
    state.transfers.set(id, actedOn(transfer, totals, 'TransferPosted'));
  }
  state.actedAt.set(id, state.revision);
}

function move(state: LedgerState, movements: readonly Movement[]): void {
  for (const account of accountsAfter(state, movements)) {
    assertNotClosed(account);
    state.accounts.set(account.address, account);
  }
}

function checkBalances(
  state: LedgerState,
  what: string,
  balances: readonly ResultingBalance[],
): void {
  for (const recorded of balances) {
    const account = state.accounts.get(recorded.account);
    if (account && agrees(account, recorded)) continue;
    throw new InvariantViolation(
      `${what} recorded ${recorded.account} at version ${recorded.version} with ` +
        `${recorded.balance}, ${recorded.available} of it available; the fold of the log disagrees`,
    );
  }
}

function agrees(account: Account, { version, balance, available }: ResultingBalance): boolean {
  const { scale } = account;
  return (
    account.version === version &&
    balanceOf(account) === toMinorUnits(balance, scale) &&
    availableOf(account) === toMinorUnits(available, scale)
  );
}
