// An account, or the whole ledger, as it is after a command about it.
import { InvariantViolation } from '../domain/errors.js';
import { type AccountSnapshot, snapshotOf } from '../domain/ledger/account-snapshot.js';
import { type LedgerState } from '../domain/ledger/state.js';
import { type LedgerWriters, OutcomeUnknown } from './ledger-writer/ledger-writers.js';

/** The account at `revision`, which later commands may have changed again. */
export interface AccountNow {
  readonly account: AccountSnapshot;
  readonly revision: number;
}

/**
 * An account that is known to be there. Throws OutcomeUnknown when it cannot be read: the command was
 * carried out all the same, and whoever asks again is told.
 */
export async function accountNow(
  writers: LedgerWriters,
  ledger: string,
  address: string,
): Promise<AccountNow> {
  const state = await stateAfterCommand(writers, ledger);
  const account = state.accounts.get(address);
  if (!account) throw new InvariantViolation(`${ledger} has lost the account ${address}`);
  return { account: snapshotOf(account), revision: state.revision };
}

/** A ledger after a command about it; it throws like `accountNow`. */
export async function stateAfterCommand(
  writers: LedgerWriters,
  ledger: string,
): Promise<LedgerState> {
  try {
    return await writers.current(ledger);
  } catch (error) {
    if (error instanceof InvariantViolation) throw error;
    throw new OutcomeUnknown('recorded, but what it led to cannot be read', { cause: error });
  }
}
