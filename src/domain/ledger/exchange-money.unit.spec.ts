import { after, fold, given } from '../../../test/support/given-when-then.js';
import {
  NOON,
  accountCommands,
  accountOpened,
  leg,
  ledgerOpened,
  postTransfer,
} from '../../../test/support/ledger-factories.js';
import {
  EVENING,
  EXCHANGE_BOOKS,
  SALE,
  closePeriod,
  exchangeMoney,
} from '../../../test/support/transfer-factories.js';
import { decide } from './decide.js';
import { RATE_EXPECTED } from './exchange-money.js';

const down = { mode: 'down', account: 'fx:rest' } as const;
const up = { mode: 'up', account: 'fx:rest' } as const;
const remainder = (exact: string, posted: string, carried: string) => ({ exact, posted, carried });

describe('exchanging money', () => {
  it('is one transfer in both currencies, with the rate and its source', () => {
    given(...EXCHANGE_BOOKS)
      .when(exchangeMoney('x', { reference: 'FX-1', metadata: { desk: '2' } }))
      .then({
        type: 'TransferPosted',
        data: {
          id: 'x',
          legs: [leg('wallet', 'fx:eur', '10.00'), leg('fx:jpy', 'wallet:jpy', '1632', 'JPY')],
          ...{ effectiveAt: NOON, recordedAt: NOON, reference: 'FX-1', description: null },
          metadata: { desk: '2' },
          exchange: {
            ...{ from: 'wallet', to: 'wallet:jpy', via: { sell: 'fx:eur', buy: 'fx:jpy' } },
            given: 'sell',
            sell: { amount: '10.00', currency: 'EUR' },
            buy: { amount: '1632', currency: 'JPY' },
            ...{ rate: '163.25', source: 'treasury desk' },
            rounding: { mode: 'half-even', account: 'fx:rest' },
            remainder: remainder('0.5', '0', '0.5'),
          },
          balances: [
            {
              account: 'wallet',
              currency: 'EUR',
              version: 3,
              balance: '90.00',
              available: '90.00',
            },
            {
              account: 'fx:eur',
              currency: 'EUR',
              version: 2,
              balance: '10.00',
              available: '10.00',
            },
            {
              account: 'fx:jpy',
              currency: 'JPY',
              version: 2,
              balance: '-1632',
              available: '-1632',
            },
            {
              account: 'wallet:jpy',
              currency: 'JPY',
              version: 2,
              balance: '1632',
              available: '1632',
            },
          ],
        },
      });
  });

  it('computes what is sold when what is bought is given', () => {
    given(...EXCHANGE_BOOKS)
      .when(exchangeMoney('x', { given: 'buy', amount: '1000' }))
      .thenEvent('TransferPosted', {
        legs: [{ amount: '6.13' }, { amount: '1000' }],
        exchange: { given: 'buy', remainder: remainder('0.7225', '0', '0.7225') },
      });
  });

  it.each([
    ['half-even', '163.25', '1632', '0.5'],
    ['half-even', '163.35', '1634', '-0.5'],
    ['half-up', '163.25', '1633', '-0.5'],
    ['half-down', '163.25', '1632', '0.5'],
    ['up', '163.21', '1633', '-0.9'],
    ['down', '163.29', '1632', '0.9'],
  ] as const)('rounds %s: at %s to %s, leaving %s', (mode, rate, amount, exact) => {
    given(...EXCHANGE_BOOKS)
      .when(exchangeMoney('x', { rate, rounding: { mode, account: 'fx:rest' } }))
      .thenEvent('TransferPosted', { exchange: { buy: { amount }, remainder: { exact } } });
  });

  it('leaves nothing where nothing had to be rounded', () => {
    given(...EXCHANGE_BOOKS)
      .when(exchangeMoney('x', { rate: '163.0' }))
      .thenEvent('TransferPosted', { exchange: { remainder: remainder('0', '0', '0') } });
  });

  it('carries what rounding leaves until it comes to a smallest unit, then posts it', () => {
    const once = after(EXCHANGE_BOOKS, exchangeMoney('x', { rate: '163.26', rounding: down }));
    expect(fold(once).carried.get('fx:rest')).toBe('0.6');
    given(...once)
      .when(exchangeMoney('y', { rate: '163.26', rounding: down }))
      .thenEvent('TransferPosted', {
        legs: [{}, {}, leg('fx:jpy', 'fx:rest', '1', 'JPY')],
        exchange: { remainder: remainder('0.6', '1', '0.2') },
      });
  });

  it('takes from the rounding account what rounding gave too much', () => {
    const once = after(EXCHANGE_BOOKS, exchangeMoney('x', { rate: '163.21', rounding: up }));
    given(...once)
      .when(exchangeMoney('y', { rate: '163.21', rounding: up }))
      .thenEvent('TransferPosted', {
        legs: [{}, {}, leg('fx:rest', 'fx:jpy', '1', 'JPY')],
        exchange: { remainder: remainder('-0.9', '-1', '-0.8') },
      });
  });

  it('keeps what each rounding account carries apart, and nothing of a refused exchange', () => {
    const other = accountOpened('fx:other', 'income', { currency: 'JPY', overdraftLimit: null });
    const elsewhere = { mode: 'down', account: 'fx:other' } as const;
    const history = after(
      [...EXCHANGE_BOOKS, other],
      exchangeMoney('x', { rate: '163.26', rounding: down }),
      exchangeMoney('y', { amount: '1000.00', rate: '163.2601', rounding: elsewhere }),
    );
    expect(history.at(-1)?.type).toBe('TransferRefused');
    expect(fold(history).carried.get('fx:rest')).toBe('0.6');
    expect(fold(history).carried.get('fx:other')).toBeUndefined();
  });

  it('at 18 decimals loses nothing', () => {
    const assets = [{ code: 'ETH', scale: 18 }];
    const eth = { currency: 'ETH', overdraftLimit: null };
    const books = [
      ledgerOpened({ assets }),
      ...EXCHANGE_BOOKS.slice(1),
      ...['eth', 'fx:eth', 'dust'].map((address) => accountOpened(address, 'equity', eth)),
    ];
    const exchange = exchangeMoney('x', {
      ...{ to: 'eth', via: { sell: 'fx:eur', buy: 'fx:eth' }, amount: '0.01' },
      ...{ rate: '0.000412345678901235', rounding: { mode: 'half-even', account: 'dust' } },
    });
    given(...books)
      .when(exchange)
      .thenEvent('TransferPosted', {
        exchange: {
          buy: { amount: '0.000004123456789012' },
          remainder: remainder('0.00000000000000000035', '0', '0.00000000000000000035'),
        },
      });
  });
});

describe('an exchange is refused', () => {
  const refused = (code: string, evidence: object = {}) => ({
    exchange: { from: 'wallet' },
    refusal: { code, evidence },
  });

  it('by the rules of every account it moves: INSUFFICIENT_FUNDS, ACCOUNT_FROZEN', () => {
    given(...EXCHANGE_BOOKS)
      .when(exchangeMoney('x', { amount: '100.01' }))
      .thenEvent('TransferRefused', refused('INSUFFICIENT_FUNDS'));
    given(...after(EXCHANGE_BOOKS, accountCommands('fx:jpy').freeze('debits')))
      .when(exchangeMoney('x'))
      .thenEvent(
        'TransferRefused',
        refused('ACCOUNT_FROZEN', { accounts: [{ account: 'fx:jpy' }] }),
      );
  });

  it('when its conditions are not met, or its time is closed', () => {
    const conditions = [{ account: 'fx:jpy', balance: { gte: '0' }, version: 9 }];
    given(...EXCHANGE_BOOKS)
      .when(exchangeMoney('x', { conditions }))
      .thenEvent('TransferRefused', {
        conditions,
        ...refused('CONDITIONS_NOT_MET', {
          conditions: [{ field: 'conditions[0].version', expected: '9', seen: '1' }],
        }),
      });
    given(...after(EXCHANGE_BOOKS, closePeriod('2026-02-28')))
      .when(exchangeMoney('x', { effectiveAt: '2026-01-31T00:00:00.000Z' }))
      .thenEvent('TransferRefused', refused('PERIOD_CLOSED'));
  });
});

it('an exchange takes its reference like any transfer: REFERENCE_TAKEN', () => {
  const rules = { uniqueReferences: true, pastDaysMax: null, futureDaysMax: null };
  const unique = [ledgerOpened({ rules }), ...EXCHANGE_BOOKS.slice(1)];
  given(...after(unique, exchangeMoney('x', { reference: 'FX-1' })))
    .when(exchangeMoney('y', { reference: 'FX-1' }))
    .thenEvent('TransferRefused', { refusal: { code: 'REFERENCE_TAKEN' } });
});

describe('an exchange does not fit', () => {
  const eurRest = accountOpened('eur:rest', 'income');

  it.each([
    ['an id that is none', { id: 'no id' }, 'INVALID_TRANSFER', ['id']],
    ['an amount of nothing', { amount: '0' }, 'INVALID_AMOUNT', ['sell']],
    ['too many decimals', { given: 'buy', amount: '1.5' }, 'INVALID_AMOUNT', ['buy']],
    ['a rate of nothing', { rate: '0.000' }, 'INVALID_AMOUNT', ['rate']],
    ['a rate that is none', { rate: '1,5' }, 'INVALID_AMOUNT', ['rate']],
    ['a rate below zero', { rate: '-1' }, 'INVALID_AMOUNT', ['rate']],
    ['what comes to nothing', { amount: '0.01', rate: '0.01' }, 'INVALID_AMOUNT', ['sell']],
    [
      'what rounding would leave more of than is bought',
      { given: 'buy', amount: '1', rate: '300', rounding: { mode: 'up', account: 'fx:rest' } },
      'INVALID_AMOUNT',
      ['buy'],
    ],
    ['what costs nothing', { given: 'buy', amount: '1', rate: '900' }, 'INVALID_AMOUNT', ['buy']],
    [
      'what comes to more than an amount can be',
      { amount: '9'.repeat(29), rate: '163' },
      'INVALID_AMOUNT',
      ['sell'],
    ],
    [
      'accounts that were never opened',
      { from: 'a', to: 'b', via: { sell: 'c', buy: 'd' }, rounding: { mode: 'up', account: 'e' } },
      'UNKNOWN_ACCOUNT',
      ['from', 'to', 'via.sell', 'via.buy', 'rounding.account'],
    ],
    [
      'accounts in other currencies',
      { via: { sell: 'fx:jpy', buy: 'fx:eur' }, rounding: { mode: 'up', account: 'eur:rest' } },
      'CURRENCY_MISMATCH',
      ['via.sell', 'via.buy', 'rounding.account'],
    ],
    [
      'one currency alone',
      {
        to: 'shop',
        via: { sell: 'fx:eur', buy: 'fx:eur' },
        rounding: { mode: 'up', account: 'fees' },
      },
      'CURRENCY_MISMATCH',
      ['to'],
    ],
    [
      'accounts on both sides',
      {
        via: { sell: 'wallet', buy: 'wallet:jpy' },
        rounding: { mode: 'up', account: 'wallet:jpy' },
      },
      'SAME_ACCOUNT',
      ['via.sell', 'via.buy', 'rounding.account'],
    ],
    [
      'a condition on nothing',
      { conditions: [{ account: 'wallet' }] },
      'INVALID_TRANSFER',
      ['conditions[0]'],
    ],
  ] as const)('for %s', (_what, command, code, fields) => {
    given(...EXCHANGE_BOOKS, eurRest)
      .when(exchangeMoney('x', command))
      .thenRejected(code, ...fields);
  });

  it('says what a rate is', () => {
    expect(decide(fold(EXCHANGE_BOOKS), exchangeMoney('x', { rate: 'high' }))).toMatchObject({
      rejection: { fields: [{ field: 'rate', expected: RATE_EXPECTED }] },
    });
  });

  it('without a ledger', () => {
    given().when(exchangeMoney('x')).thenRejected('LEDGER_NOT_FOUND');
  });
});

describe('a repeated exchange', () => {
  const command = exchangeMoney('x', {
    conditions: [{ account: 'wallet', balance: { gte: '1' } }],
  });
  const exchanged = after(EXCHANGE_BOOKS, command);
  const revision = EXCHANGE_BOOKS.length;

  it('leads to what was recorded', () => {
    given(...exchanged)
      .when({ ...command, amount: '10', rate: '163.250', now: EVENING })
      .thenDecidedAt(revision);
  });

  it('leads to it in whichever order its fields are written', () => {
    given(...exchanged)
      .when({
        ...command,
        via: { buy: 'fx:jpy', sell: 'fx:eur' },
        rounding: { account: 'fx:rest', mode: 'half-even' },
      })
      .thenDecidedAt(revision);
  });

  it.each([
    ['from', { from: 'cash' }],
    ['to', { to: 'fx:rest' }],
    ['via', { via: { sell: 'fx:eur', buy: 'fx:rest' } }],
    ['rate', { rate: '163.26' }],
    ['source', { source: null }],
    ['rounding', { rounding: down }],
    ['sell', { amount: '10.01' }],
    ['buy', { given: 'buy', amount: '1632' }],
    ['effectiveAt', { effectiveAt: EVENING }],
    ['reference', { reference: 'FX' }],
    ['description', { description: 'x' }],
    ['metadata.k', { metadata: { k: 'v' } }],
    ['conditions', { conditions: [] }],
  ] as const)('that differs in %s is told so', (field, change) => {
    given(...exchanged)
      .when({ ...command, ...change })
      .thenDecidedAt(revision, [field]);
  });

  it('under the id of a plain transfer differs in its type, and the other way round', () => {
    given(...after(EXCHANGE_BOOKS, postTransfer('x', SALE)))
      .when(command)
      .thenDecidedAt(revision, ['type']);
    given(...exchanged)
      .when(postTransfer('x', [leg('wallet', 'fx:eur', '10.00')]))
      .thenDecidedAt(revision, ['type']);
  });
});
