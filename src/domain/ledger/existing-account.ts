// What commands about one opened account have in common. Precedence: LEDGER_NOT_FOUND, ACCOUNT_NOT_FOUND,
// ACCOUNT_CLOSED, then whatever is particular to the command.
import { type RejectionCode } from '../errors.js';
import { type Account } from './account.js';
import { accountSeen } from './account-snapshot.js';
import { type Decision, rejected } from './decision.js';
import { type LedgerState } from './state.js';

/** Decides on the account at `address`, closed or not; rejects the command when there is none. */
export function onAccount(
  state: LedgerState,
  address: string,
  decideOn: (account: Account) => Decision,
): Decision {
  if (!state.header) return rejected('LEDGER_NOT_FOUND', 'There is no such ledger.');
  const account = state.accounts.get(address);
  if (account) return decideOn(account);
  return rejected('ACCOUNT_NOT_FOUND', `There is no account "${address}" in this ledger.`);
}

/** The same, of an account that is not closed: nothing about a closed one changes. */
export function onUnclosedAccount(
  state: LedgerState,
  address: string,
  decideOn: (account: Account) => Decision,
): Decision {
  return onAccount(state, address, (account) =>
    account.status === 'closed'
      ? rejectedFor(state, account, 'ACCOUNT_CLOSED', 'The account is closed, which is final.')
      : decideOn(account),
  );
}

/** A rejection for what the account is at present, which is its evidence. */
export function rejectedFor(
  { revision }: LedgerState,
  account: Account,
  code: RejectionCode,
  message: string,
): Decision {
  const evidence = { revision, accounts: [accountSeen(account)] };
  return { kind: 'rejected', rejection: { code, message, fields: [], evidence } };
}
