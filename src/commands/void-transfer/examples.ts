// What the documentation shows of voiding.
import { type VoidAnswer } from './void-answer.js';

export const REQUEST_EXAMPLES = {
  'all that is held': { value: { id: 'void-0001', reason: 'Out of stock' } },
  'a part, the rest stays held': {
    value: { id: 'void-0001', amount: '2.50', reason: 'One item is out of stock' },
  },
};

export const VOID_EXAMPLE: VoidAnswer = {
  id: 'void-0001',
  transfer: 'hold-0001',
  state: 'voided',
  parts: null,
  reason: 'Out of stock',
  released: [
    {
      leg: 0,
      debit: 'customers:42:wallet',
      credit: 'merchants:7',
      amount: '12.50',
      currency: 'EUR',
    },
  ],
  totals: [{ held: '0.00', posted: '0.00', reversed: '0.00' }],
  recordedAt: '2026-01-16T09:30:00.000Z',
  revision: 6,
  balances: [
    {
      account: 'customers:42:wallet',
      currency: 'EUR',
      version: 4,
      balance: '100.00',
      available: '100.00',
    },
    { account: 'merchants:7', currency: 'EUR', version: 3, balance: '0.00', available: '0.00' },
  ],
};
