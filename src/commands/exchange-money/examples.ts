// What the documentation shows of the exchange endpoint.
import { type TransferAnswer } from '../post-transfer/transfer-answer.js';

const EXCHANGE = {
  from: 'customers:42:wallet',
  to: 'customers:42:yen',
  via: { sell: 'treasury:eur', buy: 'treasury:jpy' },
  rate: '163.25',
  source: 'ECB 2026-01-15',
};

export const REQUEST_EXAMPLES = {
  'sell 12.50 euros': {
    value: {
      ...{ id: 'exchange-0001', ...EXCHANGE, sell: '12.50' },
      rounding: { mode: 'half-even', account: 'treasury:rounding' },
    },
  },
  'buy 1,000 yen': {
    value: { ...EXCHANGE, buy: '1000', rounding: { account: 'treasury:rounding' } },
  },
};

const balance = (account: string, currency: string, amount: string) => ({
  ...{ account, currency, version: 2, balance: amount, available: amount },
});

export const EXCHANGE_EXAMPLE: TransferAnswer = {
  id: 'exchange-0001',
  state: 'posted',
  legs: [
    { debit: EXCHANGE.from, credit: EXCHANGE.via.sell, amount: '12.50', currency: 'EUR' },
    { debit: EXCHANGE.via.buy, credit: EXCHANGE.to, amount: '2041', currency: 'JPY' },
  ],
  effectiveAt: '2026-01-15T09:30:00.000Z',
  recordedAt: '2026-01-15T09:30:00.000Z',
  revision: 9,
  reference: null,
  description: null,
  metadata: {},
  exchange: {
    ...EXCHANGE,
    given: 'sell',
    sell: { amount: '12.50', currency: 'EUR' },
    buy: { amount: '2041', currency: 'JPY' },
    rounding: { mode: 'half-even', account: 'treasury:rounding' },
    remainder: { exact: '-0.375', posted: '0', carried: '-0.375' },
  },
  balances: [
    balance(EXCHANGE.from, 'EUR', '0.00'),
    balance(EXCHANGE.via.sell, 'EUR', '12.50'),
    balance(EXCHANGE.via.buy, 'JPY', '-2041'),
    balance(EXCHANGE.to, 'JPY', '2041'),
  ],
};
