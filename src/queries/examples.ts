// What the documentation shows of the answers.
import { type LedgerRow } from '../../projections/ledger/queries.js';
import { type AccountSnapshot } from '../domain/ledger/account-snapshot.js';
import { type EntryAnswer } from './entry-answer.js';
import { type TransferAnswer } from './transfer-answer.js';

const TIME = '2026-01-15T09:30:00.000Z';

export const REFLECTED_EXAMPLE = { revision: 4, position: '2871' };

export const LEDGER_EXAMPLE: LedgerRow = {
  id: 'demo',
  name: 'Demonstration',
  assets: [{ code: 'BTC', scale: 8 }],
  rules: { uniqueReferences: false, pastDaysMax: null, futureDaysMax: null },
  closedThrough: null,
  openedAt: TIME,
  revision: 3,
};

export const ACCOUNT_EXAMPLE: AccountSnapshot = {
  address: 'customers:42:wallet',
  type: 'liability',
  currency: 'EUR',
  status: 'open',
  freeze: null,
  version: 2,
  balance: '12.50',
  available: '12.50',
  posted: { debits: '0.00', credits: '12.50' },
  pending: { debits: '0.00', credits: '0.00' },
  overdraftLimit: '0.00',
  balanceLimit: null,
  metadata: { customer: '42' },
  openedAt: TIME,
};

export const DIGEST_EXAMPLE = '5727f00717e4f5612c04d8b779df4a5e2fb61b5c412f8a4aafb21cba223acde2';

export const ENTRY_EXAMPLE: EntryAnswer = {
  revision: 3,
  transferId: 'deposit-0001',
  leg: 0,
  side: 'credit',
  amount: '12.50',
  balance: '12.50',
  effectiveAt: TIME,
  recordedAt: TIME,
  counterparty: 'world',
  description: 'First deposit',
};

export const TRANSFER_EXAMPLE: TransferAnswer = {
  id: 'deposit-0001',
  state: 'posted',
  legs: [{ debit: 'world', credit: 'customers:42:wallet', amount: '12.50', currency: 'EUR' }],
  effectiveAt: TIME,
  recordedAt: TIME,
  revision: 3,
  reference: null,
  description: 'First deposit',
  metadata: {},
  totals: [{ held: '0.00', posted: '12.50', reversed: '2.50' }],
  captures: [],
  voids: [],
  reversals: [
    {
      id: 'refund-0001',
      legs: [
        {
          leg: 0,
          ...{ debit: 'customers:42:wallet', credit: 'world', amount: '2.50', currency: 'EUR' },
        },
      ],
      reason: 'paid too much',
      recordedAt: TIME,
      revision: 4,
    },
  ],
};
