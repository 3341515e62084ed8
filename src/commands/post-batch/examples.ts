// What the documentation shows of the batch endpoint.
import { TRANSFER_EXAMPLE } from '../post-transfer/examples.js';
import { type BatchAnswer } from './batch-answer.js';
import { type OutcomeAnswer } from './outcome-answers.js';

const SALARY = { debit: 'company', credit: 'employees:1', amount: '2500.00', currency: 'EUR' };

export const REQUEST_EXAMPLES = {
  'all or none': {
    value: {
      atomic: true,
      id: 'payroll-2026-01',
      transfers: [SALARY, { ...SALARY, credit: 'employees:2' }],
    },
  },
  'each for itself': {
    value: {
      atomic: false,
      transfers: [
        { id: 'order-1', ...SALARY, amount: '12.50' },
        { id: 'order-2', ...SALARY, amount: '7.00' },
      ],
    },
  },
};

const { balances, ...made } = TRANSFER_EXAMPLE;

export const BATCH_EXAMPLE: BatchAnswer = {
  id: 'payroll-2026-01',
  transfers: [made],
  recordedAt: made.recordedAt,
  revision: made.revision,
  balances,
};

export const OUTCOMES_EXAMPLE: readonly OutcomeAnswer[] = [
  { status: 201, replayed: false, transfer: TRANSFER_EXAMPLE },
  {
    status: 422,
    replayed: false,
    error: {
      code: 'INSUFFICIENT_FUNDS',
      number: 'DBK-2001',
      message: 'An account would fall below what its overdraft limit allows.',
      details: { transferId: 'order-2' },
    },
  },
];
