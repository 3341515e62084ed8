import { after, given } from '../../../test/support/given-when-then.js';
import { leg, postTransfer } from '../../../test/support/ledger-factories.js';
import { BOOKS, SALE, holdTransfer } from '../../../test/support/transfer-factories.js';
import { CONDITIONS_MAX } from './conditions.js';
import { type Condition, type ExpectedVersions } from './transfer-events.js';

// 100.00 on the wallet, of which 10.00 is held.
const history = after(BOOKS, holdTransfer('hold'));
const asking = (...conditions: readonly Condition[]) => postTransfer('t', SALE, { conditions });

describe('a condition', () => {
  it.each([
    ['its version', { version: 3 }],
    ['at least this balance', { balance: { gte: '100.00' } }],
    ['at most this balance', { balance: { lte: '100' } }],
    ['exactly this balance', { balance: { eq: '100.0' } }],
    ['at least this to be available', { available: { gte: '90.00' } }],
    ['at most this to be available', { available: { lte: '90.00' } }],
    ['exactly this to be available', { available: { eq: '90.00' } }],
    ['a bound below zero', { available: { gte: '-1' } }],
    ['all of that', { version: 3, balance: { gte: '99', lte: '101', eq: '100' } }],
  ])('that is met lets the transfer through: %s', (_what, condition) => {
    given(...history)
      .when(asking({ account: 'wallet', ...condition }))
      .thenEvent('TransferPosted', {});
  });

  it('is recorded with all decimals', () => {
    given(...history)
      .when(asking({ account: 'wallet', balance: { lte: '100', gte: '-0.5' }, version: 3 }))
      .thenEvent('TransferPosted', {
        conditions: [{ account: 'wallet', version: 3, balance: { gte: '-0.50', lte: '100.00' } }],
      });
  });

  it.each([
    ['version', '4', '3', { version: 4 }],
    ['balance.gte', '100.01', '100.00', { balance: { gte: '100.01' } }],
    ['balance.lte', '99.99', '100.00', { balance: { lte: '99.99' } }],
    ['balance.eq', '-100.00', '100.00', { balance: { eq: '-100' } }],
    ['available.gte', '90.01', '90.00', { available: { gte: '90.01' } }],
    ['available.lte', '89.99', '90.00', { available: { lte: '89.99' } }],
    ['available.eq', '0.00', '90.00', { available: { eq: '0' } }],
  ])('that is not met refuses it with what was seen: %s', (field, expected, seen, condition) => {
    const told = { field: `conditions[0].${field}`, account: 'wallet', expected, seen };
    given(...history)
      .when(asking({ account: 'wallet', ...condition }))
      .thenEvent('TransferRefused', {
        refusal: { code: 'CONDITIONS_NOT_MET', evidence: { revision: 6, conditions: [told] } },
      });
  });

  it('about an account that the transfer does not touch counts as well', () => {
    given(...history)
      .when(asking({ account: 'cash', balance: { eq: '0' } }))
      .thenEvent('TransferRefused', { refusal: { code: 'CONDITIONS_NOT_MET' } });
  });

  it('and expected versions of legs are all told, those of the legs first', () => {
    const legs = [{ ...leg('wallet', 'shop', '1.00'), expectedVersions: { debit: 2, credit: 9 } }];
    const conditions = [
      { account: 'cash', version: 7, balance: { gte: '100.01', lte: '99.99' } },
      { account: 'fees', version: 1 },
    ];
    const fields = [
      'legs[0].expectedVersions.debit',
      'legs[0].expectedVersions.credit',
      'conditions[0].version',
      'conditions[0].balance.gte',
      'conditions[0].balance.lte',
    ];
    given(...history)
      .when(postTransfer('t', legs, { conditions }))
      .thenEvent('TransferRefused', {
        refusal: {
          code: 'CONDITIONS_NOT_MET',
          evidence: { conditions: fields.map((field) => ({ field })) },
        },
      });
  });
});

describe('expected versions', () => {
  it('that are met let the transfer through, each side on its own', () => {
    for (const expectedVersions of [{ debit: 3 }, { credit: 2 }, { debit: 3, credit: 2 }]) {
      given(...history)
        .when(postTransfer('t', [{ ...leg('wallet', 'shop', '1.00'), expectedVersions }]))
        .thenEvent('TransferPosted', { legs: [{ expectedVersions }] });
    }
  });

  it('are the same in whichever order they are written, and nothing when there are none', () => {
    const asking = (expectedVersions: ExpectedVersions) =>
      postTransfer('t', [{ ...leg('wallet', 'shop', '1.00'), expectedVersions }]);
    given(...after(history, asking({ credit: 2, debit: 3 })))
      .when(asking({ debit: 3, credit: 2 }))
      .thenDecidedAt(7);
    given(...after(history, asking({})))
      .when(postTransfer('t', [leg('wallet', 'shop', '1.00')]))
      .thenDecidedAt(7);
    given(...after(history, asking({ debit: 3 })))
      .when(asking({ debit: 3, credit: 2 }))
      .thenDecidedAt(7, ['legs[0].expectedVersions']);
  });
});

describe('a condition does not fit', () => {
  it.each([
    ['that asks nothing', { account: 'wallet' }, 'INVALID_TRANSFER', 'conditions[0]'],
    [
      'about an account never opened',
      { account: 'nobody', version: 1 },
      'UNKNOWN_ACCOUNT',
      'conditions[0].account',
    ],
    [
      'with a bound that is no amount',
      { account: 'wallet', balance: { gte: '1e2' } },
      'INVALID_AMOUNT',
      'conditions[0].balance.gte',
    ],
    [
      'with a bound of too many decimals',
      { account: 'wallet', available: { eq: '0.001' } },
      'INVALID_AMOUNT',
      'conditions[0].available.eq',
    ],
  ] as const)('%s', (_what, condition, code, field) => {
    given(...history)
      .when(asking(condition))
      .thenRejected(code, field);
  });

  it(`beyond ${CONDITIONS_MAX} of them`, () => {
    const many = Array.from({ length: CONDITIONS_MAX + 1 }, () => ({
      account: 'cash',
      version: 2,
    }));
    given(...history)
      .when(asking(...many))
      .thenRejected('INVALID_TRANSFER', 'conditions');
    given(...history)
      .when(asking(...many.slice(1)))
      .thenEvent('TransferPosted', {});
  });
});
