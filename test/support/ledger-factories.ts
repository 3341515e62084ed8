// Events and commands with everything a spec does not care about filled in.
import {
  type AccountOpened,
  type AccountType,
  type Leg,
  type LedgerOpened,
} from '../../src/domain/ledger/events.js';
import { type OpenAccount } from '../../src/domain/ledger/open-account.js';
import { type OpenLedger } from '../../src/domain/ledger/open-ledger.js';
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
  return { type: 'OpenLedger', ledger: 'shop', name: 'Shop', assets, now: MORNING, ...command };
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
    now: NOON,
    ...command,
  };
}
