// What the documentation shows of the transfer endpoint.
import { type TransferAnswer } from './transfer-answer.js';

const DEPOSIT = {
  debit: 'world',
  credit: 'customers:42:wallet',
  amount: '12.50',
  currency: 'EUR',
};

export const REQUEST_EXAMPLES = {
  'one leg': { value: { id: 'deposit-0001', ...DEPOSIT, description: 'First deposit' } },
  'a purchase with a fee': {
    value: {
      reference: 'order 4711',
      legs: [
        { ...DEPOSIT, debit: 'customers:42:wallet', credit: 'merchants:7', amount: '9.75' },
        { ...DEPOSIT, debit: 'customers:42:wallet', credit: 'fees', amount: '0.25' },
      ],
      metadata: { order: '4711' },
    },
  },
  'held for a week, if the money is there': {
    value: {
      id: 'hold-0001',
      ...DEPOSIT,
      debit: 'customers:42:wallet',
      credit: 'merchants:7',
      pending: { expiresAt: '2026-01-22T09:30:00Z' },
      conditions: [{ account: 'customers:42:wallet', available: { gte: '100.00' } }],
    },
  },
};

export const TRANSFER_EXAMPLE: TransferAnswer = {
  id: 'deposit-0001',
  state: 'posted',
  legs: [DEPOSIT],
  effectiveAt: '2026-01-15T09:30:00.000Z',
  recordedAt: '2026-01-15T09:30:00.000Z',
  revision: 3,
  reference: null,
  description: 'First deposit',
  metadata: {},
  balances: [
    { account: 'world', currency: 'EUR', version: 2, balance: '12.50', available: '12.50' },
    {
      account: 'customers:42:wallet',
      currency: 'EUR',
      version: 2,
      balance: '12.50',
      available: '12.50',
    },
  ],
};
