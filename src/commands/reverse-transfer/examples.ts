// What the documentation shows of reversing.
import { type TransferAnswer } from '../post-transfer/transfer-answer.js';

export const REQUEST_EXAMPLES = {
  'all that is left': { value: { id: 'refund-0001', reason: 'Returned by the customer' } },
  'a part': { value: { id: 'refund-0001', amount: '2.50', reason: 'One item returned' } },
  'a part of the second leg': {
    value: {
      id: 'refund-0001',
      parts: [{ leg: 1, amount: '0.25' }],
      reason: 'The fee was waived',
    },
  },
};

export const REVERSAL_EXAMPLE: TransferAnswer = {
  id: 'refund-0001',
  state: 'posted',
  legs: [{ debit: 'merchants:7', credit: 'customers:42:wallet', amount: '2.50', currency: 'EUR' }],
  effectiveAt: '2026-01-20T09:30:00.000Z',
  recordedAt: '2026-01-20T09:30:00.000Z',
  revision: 8,
  reference: null,
  description: null,
  metadata: {},
  reverses: {
    transfer: 'purchase-0001',
    parts: [{ leg: 0, amount: '2.50' }],
    legs: [0],
    reason: 'One item returned',
  },
  totals: [{ held: '0.00', posted: '12.50', reversed: '2.50' }],
  balances: [
    { account: 'merchants:7', currency: 'EUR', version: 4, balance: '10.00', available: '10.00' },
    {
      account: 'customers:42:wallet',
      currency: 'EUR',
      version: 6,
      balance: '90.00',
      available: '90.00',
    },
  ],
};
