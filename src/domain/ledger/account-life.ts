// Freezing, unfreezing and closing an account. Each is a change of the account that moves nothing, so a
// frozen account can be changed and closed. Asked for what is so already, whatever the reason given, each
// records nothing: it can be repeated safely.
import { type Account, isEmpty } from './account.js';
import { type Decision, UNCHANGED, happened, recordedAtOf } from './decision.js';
import { type Freeze } from './events.js';
import { onAccount, onUnclosedAccount, rejectedFor } from './existing-account.js';
import { type LedgerState } from './state.js';

export const REASON_LENGTH_MAX = 500;

interface LifeCommand {
  readonly address: string;
  /** For whoever reads the audit trail. */
  readonly reason: string;
  readonly now: string;
}

export interface FreezeAccount extends LifeCommand {
  readonly type: 'FreezeAccount';
  readonly freeze: Freeze;
}

export interface UnfreezeAccount extends LifeCommand {
  readonly type: 'UnfreezeAccount';
}

export interface CloseAccount extends LifeCommand {
  readonly type: 'CloseAccount';
}

/** An account that is frozen in another way is frozen in this way from now on. */
export function freezeAccount(state: LedgerState, command: FreezeAccount): Decision {
  return onUnclosedAccount(state, command.address, (account) => {
    const { freeze, reason } = command;
    if (account.freeze === freeze) return UNCHANGED;
    const data = { ...changeOf(state, account, command), freeze, reason };
    return happened({ type: 'AccountFrozen', data });
  });
}

export function unfreezeAccount(state: LedgerState, command: UnfreezeAccount): Decision {
  return onUnclosedAccount(state, command.address, (account) => {
    if (account.freeze === null) return UNCHANGED;
    const data = { ...changeOf(state, account, command), reason: command.reason };
    return happened({ type: 'AccountUnfrozen', data });
  });
}

/** Closing is for ever, and takes an account without balance and without pending transfers. */
export function closeAccount(state: LedgerState, command: CloseAccount): Decision {
  return onAccount(state, command.address, (account) => {
    if (account.status === 'closed') return UNCHANGED;
    if (!isEmpty(account)) {
      const message = 'The account has a balance or pending transfers.';
      return rejectedFor(state, account, 'ACCOUNT_NOT_EMPTY', message);
    }
    const data = { ...changeOf(state, account, command), reason: command.reason };
    return happened({ type: 'AccountClosed', data });
  });
}

function changeOf(state: LedgerState, { address, version }: Account, { now }: LifeCommand) {
  return { address, version: version + 1, recordedAt: recordedAtOf(now, state.recordedAt) };
}
