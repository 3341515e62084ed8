// What the documentation shows of an explanation.
import { type Explanation } from '../../domain/ledger/explain.js';

export const EXPLANATION_EXAMPLE: Explanation = {
  id: 'purchase-0001',
  kind: 'transfer',
  revision: 4,
  recordedAt: '2026-01-15T09:30:00.000Z',
  outcome: {
    refusal: 'INSUFFICIENT_FUNDS',
    message: 'An account would fall below what its overdraft limit allows.',
  },
  agrees: true,
  state: {
    revision: 3,
    closedThrough: null,
    accounts: [
      {
        account: 'customers:42:wallet',
        currency: 'EUR',
        version: 2,
        status: 'open',
        balance: '12.50',
        available: '12.50',
        overdraftLimit: '0.00',
        balanceLimit: null,
      },
    ],
  },
  checks: [
    {
      check: 'PERIOD_CLOSED',
      passed: true,
      seen: { closedThrough: null },
      asked: { effectiveAt: '2026-01-15T09:30:00.000Z' },
    },
    {
      check: 'INSUFFICIENT_FUNDS',
      account: 'customers:42:wallet',
      passed: false,
      seen: { available: '12.50' },
      asked: { change: '-20.00', available: '-7.50' },
      limit: { overdraftLimit: '0.00' },
    },
  ],
};
