// An account as it is after a command about it.
import { InvariantViolation } from '../domain/errors.js';
import { type AccountSnapshot, snapshotOf } from '../domain/ledger/account-snapshot.js';
import { type LedgerWriters } from './ledger-writer/ledger-writers.js';

/** The account at `revision`, which later commands may have changed again. */
export interface AccountNow {
  readonly account: AccountSnapshot;
  readonly revision: number;
}

/** An account that is known to be there. Throws EventStoreUnavailable. */
export async function accountNow(
  writers: LedgerWriters,
  ledger: string,
  address: string,
): Promise<AccountNow> {
  const state = await writers.current(ledger);
  const account = state.accounts.get(address);
  if (!account) throw new InvariantViolation(`${ledger} has lost the account ${address}`);
  return { account: snapshotOf(account), revision: state.revision };
}
