// What the documentation shows of a changed account.
import { type AccountSnapshot } from '../../domain/ledger/account-snapshot.js';

export const CHANGED_EXAMPLE: AccountSnapshot = {
  address: 'customers:42:wallet',
  type: 'liability',
  currency: 'EUR',
  status: 'open',
  freeze: null,
  version: 2,
  balance: '0.00',
  available: '0.00',
  posted: { debits: '0.00', credits: '0.00' },
  pending: { debits: '0.00', credits: '0.00' },
  overdraftLimit: '100.00',
  balanceLimit: null,
  metadata: { customer: '42', tier: 'gold' },
  openedAt: '2026-01-15T09:30:00.000Z',
};

export const FROZEN_EXAMPLE: AccountSnapshot = {
  ...CHANGED_EXAMPLE,
  status: 'frozen',
  freeze: 'debits',
  version: 3,
};

export const CLOSED_EXAMPLE: AccountSnapshot = { ...CHANGED_EXAMPLE, status: 'closed', version: 5 };
