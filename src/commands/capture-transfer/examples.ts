// What the documentation shows of capturing.
import { type CaptureAnswer } from './capture-answer.js';

export const REQUEST_EXAMPLES = {
  'all that is held': { value: { id: 'capture-0001' } },
  'a part, the rest stays held': { value: { id: 'capture-0001', amount: '4.00' } },
  'the last part': { value: { id: 'capture-0002', amount: '8.00', final: true } },
  'parts of two legs': {
    value: {
      id: 'capture-0001',
      parts: [
        { leg: 0, amount: '9.75' },
        { leg: 1, amount: '0.25' },
      ],
    },
  },
};

export const CAPTURE_EXAMPLE: CaptureAnswer = {
  id: 'capture-0002',
  transfer: 'hold-0001',
  state: 'posted',
  parts: [{ leg: 0, amount: '8.00' }],
  final: true,
  legs: [
    {
      leg: 0,
      debit: 'customers:42:wallet',
      credit: 'merchants:7',
      amount: '8.00',
      currency: 'EUR',
    },
  ],
  released: [
    {
      leg: 0,
      debit: 'customers:42:wallet',
      credit: 'merchants:7',
      amount: '0.50',
      currency: 'EUR',
    },
  ],
  totals: [{ held: '0.00', posted: '12.00', reversed: '0.00' }],
  effectiveAt: '2026-01-16T09:30:00.000Z',
  recordedAt: '2026-01-16T09:30:00.000Z',
  revision: 7,
  description: null,
  metadata: {},
  balances: [
    {
      account: 'customers:42:wallet',
      currency: 'EUR',
      version: 5,
      balance: '88.00',
      available: '88.00',
    },
    { account: 'merchants:7', currency: 'EUR', version: 4, balance: '12.00', available: '12.00' },
  ],
};
