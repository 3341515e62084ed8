// The write side's one question: what does this command come to in this state?
import {
  type CloseAccount,
  type FreezeAccount,
  type UnfreezeAccount,
  closeAccount,
  freezeAccount,
  unfreezeAccount,
} from './account-life.js';
import { type CaptureTransfer, captureDifferences, captureTransfer } from './capture-transfer.js';
import { type ChangeAccount, changeAccount } from './change-account.js';
import { type Decision } from './decision.js';
import { type LedgerEvent } from './events.js';
import { type ExchangeMoney, exchangeDifferences, exchangeMoney } from './exchange-money.js';
import { type OpenAccount, openAccount, openAccountDifferences } from './open-account.js';
import { type OpenLedger, openLedger, openLedgerDifferences } from './open-ledger.js';
import { type ClosePeriod, type ReopenPeriod, closePeriod, reopenPeriod } from './periods.js';
import { type PostBatch, batchDifferences, postBatch } from './post-batch.js';
import { type PostTransfer, postTransfer, transferDifferences } from './post-transfer.js';
import { type ReverseTransfer, reversalDifferences, reverseTransfer } from './reverse-transfer.js';
import { type LedgerState } from './state.js';
import {
  type ExpireTransfer,
  type VoidTransfer,
  expireTransfer,
  voidDifferences,
  voidTransfer,
} from './void-transfer.js';

/** Commands about one account that was opened; what is so already, they leave unchanged. */
export type AccountCommand = ChangeAccount | FreezeAccount | UnfreezeAccount | CloseAccount;
/** Commands with an id under which they are decided once, for ever. */
export type TransferCommand =
  PostTransfer | ExchangeMoney | PostBatch | CaptureTransfer | VoidTransfer | ReverseTransfer;
export type PeriodCommand = ClosePeriod | ReopenPeriod;
export type LedgerCommand =
  OpenLedger | OpenAccount | AccountCommand | TransferCommand | ExpireTransfer | PeriodCommand;

/**
 * Pure: the state is not touched, and the same state and command always come to the same. What a command
 * acts on has to be in the state: see `transferToRecall`.
 */
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
    case 'ExchangeMoney':
      return exchangeMoney(state, command);
    case 'PostBatch':
      return postBatch(state, command);
    case 'CaptureTransfer':
      return captureTransfer(state, command);
    case 'VoidTransfer':
      return voidTransfer(state, command);
    case 'ExpireTransfer':
      return expireTransfer(state, command);
    case 'ReverseTransfer':
      return reverseTransfer(state, command);
    case 'ClosePeriod':
      return closePeriod(state, command);
    case 'ReopenPeriod':
      return reopenPeriod(state, command);
  }
}

/** That a request of another kind was recorded. */
const ANOTHER_KIND = ['type'];

/**
 * The fields in which a command differs from the one that led to `event`; empty when it is the same
 * request again. `event` is the one that a decision of kind `decided` pointed to.
 */
export function differences(
  state: LedgerState,
  event: LedgerEvent,
  command: LedgerCommand,
): string[] {
  switch (event.type) {
    case 'LedgerOpened':
      return command.type === 'OpenLedger' ? openLedgerDifferences(event, command) : ANOTHER_KIND;
    case 'AccountOpened':
      return command.type === 'OpenAccount'
        ? openAccountDifferences(state, event, command)
        : ANOTHER_KIND;
    case 'TransferPosted':
    case 'TransferHeld':
    case 'TransferRefused':
      if (command.type === 'PostTransfer') return transferDifferences(state, event.data, command);
      if (command.type === 'ExchangeMoney') return exchangeDifferences(state, event.data, command);
      return command.type === 'ReverseTransfer'
        ? reversalDifferences(event.data, command)
        : ANOTHER_KIND;
    case 'TransferCaptured':
    case 'CaptureRefused':
      return command.type === 'CaptureTransfer' ? captureDifferences(event, command) : ANOTHER_KIND;
    case 'TransferVoided':
    case 'VoidRefused':
      return command.type === 'VoidTransfer' ? voidDifferences(event, command) : ANOTHER_KIND;
    case 'BatchPosted':
    case 'BatchRefused':
      return command.type === 'PostBatch' ? batchDifferences(state, event, command) : ANOTHER_KIND;
    default:
      return ANOTHER_KIND;
  }
}
