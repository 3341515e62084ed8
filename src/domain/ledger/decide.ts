// The write side's one question: what does this command come to in this state?
import {
  type CloseAccount,
  type FreezeAccount,
  type UnfreezeAccount,
  closeAccount,
  freezeAccount,
  unfreezeAccount,
} from './account-life.js';
import { type ChangeAccount, changeAccount } from './change-account.js';
import { type Decision } from './decision.js';
import { type LedgerEvent } from './events.js';
import { type OpenAccount, openAccount, openAccountDifferences } from './open-account.js';
import { type OpenLedger, openLedger, openLedgerDifferences } from './open-ledger.js';
import { type PostTransfer, postTransfer, postTransferDifferences } from './post-transfer.js';
import { type LedgerState } from './state.js';

/** Commands about one account that was opened; what is so already, they leave unchanged. */
export type AccountCommand = ChangeAccount | FreezeAccount | UnfreezeAccount | CloseAccount;
export type LedgerCommand = OpenLedger | OpenAccount | AccountCommand | PostTransfer;

/** Pure: the state is not touched, and the same state and command always come to the same. */
export function decide(state: LedgerState, command: LedgerCommand): Decision {
  switch (command.type) {
    case 'OpenLedger':
      return openLedger(state, command);
    case 'OpenAccount':
      return openAccount(state, command);
    case 'ChangeAccount':
      return changeAccount(state, command);
    case 'FreezeAccount':
      return freezeAccount(state, command);
    case 'UnfreezeAccount':
      return unfreezeAccount(state, command);
    case 'CloseAccount':
      return closeAccount(state, command);
    case 'PostTransfer':
      return postTransfer(state, command);
  }
}

/**
 * The fields in which a command differs from the one that led to `event`; empty when it is the same
 * request again. `event` is the one that a decision of kind `decided` pointed to.
 */
export function differences(
  state: LedgerState,
  event: LedgerEvent,
  command: LedgerCommand,
): string[] {
  if (command.type === 'OpenLedger' && event.type === 'LedgerOpened') {
    return openLedgerDifferences(event, command);
  }
  if (command.type === 'OpenAccount' && event.type === 'AccountOpened') {
    return openAccountDifferences(state, event, command);
  }
  if (
    command.type === 'PostTransfer' &&
    (event.type === 'TransferPosted' || event.type === 'TransferRefused')
  ) {
    return postTransferDifferences(state, event, command);
  }
  return ['type'];
}
