// Events and commands with everything a spec does not care about filled in.
import {
  type AccountChanges,
  type AccountEvent,
  type AccountOpened,
  type AccountType,
  type Freeze,
  type LedgerOpened,
} from '../../src/domain/ledger/events.js';
import { type Leg, type TransferPosted } from '../../src/domain/ledger/transfer-events.js';
import {
  type CloseAccount,
  type FreezeAccount,
  type UnfreezeAccount,
} from '../../src/domain/ledger/account-life.js';
import { type ChangeAccount } from '../../src/domain/ledger/change-account.js';
import { type OpenAccount } from '../../src/domain/ledger/open-account.js';
import { NO_RULES, type OpenLedger } from '../../src/domain/ledger/open-ledger.js';
import { type PostTransfer } from '../../src/domain/ledger/post-transfer.js';

export const MORNING = '2026-03-01T08:00:00.000Z';
export const NOON = '2026-03-01T12:00:00.000Z';

export function ledgerOpened(data: Partial<LedgerOpened['data']> = {}): LedgerOpened {
  return {
    type: 'LedgerOpened',
    data: {
      ledger: 'shop',
      name: 'Shop',
      assets: [{ code: 'BTC', scale: 8 }],
      rules: NO_RULES,
      recordedAt: MORNING,
      ...data,
    },
  };
}

export function accountOpened(
  address: string,
  type: AccountType,
  data: Partial<AccountOpened['data']> = {},
): AccountOpened {
  return {
    type: 'AccountOpened',
    data: {
      address,
      type,
      currency: 'EUR',
      overdraftLimit: '0.00',
      balanceLimit: null,
      metadata: {},
      recordedAt: MORNING,
      ...data,
    },
  };
}

export function openLedger(command: Partial<OpenLedger> = {}): OpenLedger {
  const assets = [{ code: 'BTC', scale: 8 }];
  const rules = NO_RULES;
  return {
    type: 'OpenLedger',
    ...{ ledger: 'shop', name: 'Shop', assets, rules, now: MORNING, ...command },
  };
}

export function openAccount(command: Partial<OpenAccount> = {}): OpenAccount {
  return {
    type: 'OpenAccount',
    address: 'wallet',
    accountType: 'liability',
    currency: 'EUR',
    overdraftLimit: '0',
    balanceLimit: null,
    metadata: {},
    now: NOON,
    ...command,
  };
}

export function leg(debit: string, credit: string, amount: string, currency = 'EUR'): Leg {
  return { debit, credit, amount, currency };
}

export function postTransfer(
  id: string,
  legs: readonly Leg[],
  command: Partial<PostTransfer> = {},
): PostTransfer {
  return {
    type: 'PostTransfer',
    id,
    legs,
    effectiveAt: null,
    reference: null,
    description: null,
    metadata: {},
    conditions: [],
    pending: null,
    now: NOON,
    ...command,
  };
}

/** What happened to `address`, which this left at `version`; recorded at noon. */
export function accountEvents(address: string) {
  const at = (version: number) => ({ address, version, recordedAt: NOON });
  const reason = 'asked for';
  return {
    changed: (version: number, changes: AccountChanges): AccountEvent => ({
      type: 'AccountChanged',
      data: { ...at(version), changes },
    }),
    frozen: (version: number, freeze: Freeze = 'all'): AccountEvent => ({
      type: 'AccountFrozen',
      data: { ...at(version), freeze, reason },
    }),
    unfrozen: (version: number): AccountEvent => ({
      type: 'AccountUnfrozen',
      data: { ...at(version), reason },
    }),
    closed: (version: number): AccountEvent => ({
      type: 'AccountClosed',
      data: { ...at(version), reason },
    }),
  };
}

/** Commands about `address` whose events are those of `accountEvents`. */
export function accountCommands(address: string) {
  const common = { address, reason: 'asked for', now: NOON };
  return {
    change: (command: Partial<ChangeAccount>): ChangeAccount => ({
      type: 'ChangeAccount',
      address,
      overdraftLimit: undefined,
      balanceLimit: undefined,
      metadata: undefined,
      expectedVersion: null,
      now: NOON,
      ...command,
    }),
    freeze: (freeze: Freeze = 'all'): FreezeAccount => ({
      type: 'FreezeAccount',
      freeze,
      ...common,
    }),
    unfreeze: (): UnfreezeAccount => ({ type: 'UnfreezeAccount', ...common }),
    close: (): CloseAccount => ({ type: 'CloseAccount', ...common }),
  };
}

/** From an asset to a liability, in euros, neither of which had moved: both grow by the amount. */
export function transferPosted(asset: string, liability: string, amount: string): TransferPosted {
  return {
    type: 'TransferPosted',
    data: {
      id: `${asset}-${liability}-${amount}`,
      legs: [leg(asset, liability, amount)],
      effectiveAt: NOON,
      recordedAt: NOON,
      reference: null,
      description: null,
      metadata: {},
      balances: [asset, liability].map((account) => ({
        ...{ account, currency: 'EUR', version: 2, balance: amount, available: amount },
      })),
    },
  };
}
