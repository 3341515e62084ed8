// Folds events into the state: the one place that says what an event means for the books.
import { scaleAmong } from '../currencies.js';
import { InvariantViolation } from '../errors.js';
import { type MinorUnits, toMinorUnits } from '../money.js';
import { type Account, assertNotClosed, isEmpty } from './account.js';
import {
  type AccountChanges,
  type AccountEvent,
  type AccountOpened,
  type LedgerEvent,
  type LedgerOpened,
} from './events.js';
import {
  actOnPending,
  markDecided,
  recordBatch,
  recordTransfer,
  refuseTransfer,
} from './evolve-transfers.js';
import { type LedgerState } from './state.js';

/**
 * The version of the fold. Raise it with every change after which the same events come to another state,
 * or the state has another shape: what was folded before is then folded again from the log.
 */
export const FOLD_VERSION = 2;

/**
 * Applies one event to the top layer of `state`; layers below are not touched.
 * Throws InvariantViolation when the event cannot follow from what went before.
 */
export function evolve(state: LedgerState, event: LedgerEvent): void {
  state.revision += 1;
  state.recordedAt = event.data.recordedAt;
  switch (event.type) {
    case 'LedgerOpened':
      return openLedger(state, event.data);
    case 'AccountOpened':
      return openAccount(state, event.data);
    case 'AccountChanged':
    case 'AccountFrozen':
    case 'AccountUnfrozen':
    case 'AccountClosed':
      return changeAccount(state, event);
    case 'TransferPosted':
    case 'TransferHeld':
      return recordTransfer(state, event);
    case 'TransferCaptured':
    case 'TransferVoided':
    case 'TransferExpired':
      return actOnPending(state, event);
    case 'BatchPosted':
      return recordBatch(state, event);
    case 'TransferRefused':
      return refuseTransfer(state, event);
    case 'CaptureRefused':
    case 'VoidRefused':
    case 'BatchRefused':
      return markDecided(state, event.data.id);
    case 'PeriodClosed':
      state.closedThrough = event.data.through;
      return;
    case 'PeriodReopened':
      state.closedThrough = event.data.closedThrough;
      return;
    default:
      throw new InvariantViolation(
        `An event of an unknown type: ${JSON.stringify(event satisfies never)}`,
      );
  }
}

/** Decimals of a currency in this ledger; undefined when it is neither ISO 4217 nor registered here. */
export function scaleOf(state: LedgerState, currency: string): number | undefined {
  return scaleAmong(state.header?.assets ?? [], currency);
}

function openLedger(state: LedgerState, data: LedgerOpened['data']): void {
  if (state.header) throw new InvariantViolation(`Ledger ${data.ledger} is opened twice`);
  state.header = {
    id: data.ledger,
    name: data.name,
    openedAt: data.recordedAt,
    assets: data.assets,
    rules: data.rules,
  };
}

function openAccount(state: LedgerState, data: AccountOpened['data']): void {
  if (state.accounts.get(data.address)) {
    throw new InvariantViolation(`Account ${data.address} is opened twice`);
  }
  const scale = knownScale(state, data.currency);
  state.accounts.set(data.address, {
    address: data.address,
    type: data.type,
    currency: data.currency,
    scale,
    status: 'open',
    freeze: null,
    version: 1,
    posted: { debits: 0n, credits: 0n },
    pending: { debits: 0n, credits: 0n },
    overdraftLimit: limitUnits(data.overdraftLimit, scale),
    balanceLimit: limitUnits(data.balanceLimit, scale),
    metadata: data.metadata,
    openedAt: data.recordedAt,
    openedRevision: state.revision,
  });
}

function changeAccount(state: LedgerState, event: AccountEvent): void {
  const { address, version } = event.data;
  const account = state.accounts.get(address);
  if (!account) throw new InvariantViolation(`${address} is changed, but was never opened`);
  assertNotClosed(account);
  if (version !== account.version + 1) {
    throw new InvariantViolation(
      `A change of ${address} recorded version ${version}; the fold of the log comes to ` +
        `${account.version + 1}`,
    );
  }
  if (event.type === 'AccountClosed' && !isEmpty(account)) {
    throw new InvariantViolation(`Account ${address} is closed with a balance or with holds`);
  }
  state.accounts.set(address, { ...account, ...changesBy(event, account.scale), version });
}

/** What an event says of the account, other than that it was changed. */
function changesBy(event: AccountEvent, scale: number): Partial<Account> {
  switch (event.type) {
    case 'AccountChanged':
      return ruleChanges(event.data.changes, scale);
    case 'AccountFrozen':
      return { status: 'frozen', freeze: event.data.freeze };
    case 'AccountUnfrozen':
      return { status: 'open', freeze: null };
    case 'AccountClosed':
      return { status: 'closed', freeze: null };
  }
}

function ruleChanges(changes: AccountChanges, scale: number): Partial<Account> {
  const { overdraftLimit, balanceLimit, metadata } = changes;
  return {
    ...(overdraftLimit !== undefined && { overdraftLimit: limitUnits(overdraftLimit, scale) }),
    ...(balanceLimit !== undefined && { balanceLimit: limitUnits(balanceLimit, scale) }),
    ...(metadata !== undefined && { metadata }),
  };
}

function limitUnits(text: string | null, scale: number): MinorUnits | null {
  return text === null ? null : toMinorUnits(text, scale);
}

function knownScale(state: LedgerState, currency: string): number {
  const scale = scaleOf(state, currency);
  if (scale === undefined) throw new InvariantViolation(`Currency ${currency} is not known here`);
  return scale;
}
