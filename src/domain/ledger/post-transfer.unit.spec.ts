import { fold, given } from '../../../test/support/given-when-then.js';
import {
  MORNING,
  NOON,
  accountOpened,
  ledgerOpened,
  leg,
  postTransfer,
} from '../../../test/support/ledger-factories.js';
import { SUM_INTEGER_DIGITS_MAX } from '../money.js';
import { decide } from './decide.js';
import { type LedgerEvent } from './events.js';
import { LEGS_MAX } from './transfer-request.js';

const books: LedgerEvent[] = [
  ledgerOpened(),
  accountOpened('cash', 'asset'),
  accountOpened('alice', 'liability'),
  accountOpened('bob', 'liability', { overdraftLimit: '20.00', balanceLimit: '500.00' }),
  accountOpened('world', 'equity', { overdraftLimit: null }),
  accountOpened('coins', 'asset', { currency: 'BTC', overdraftLimit: null }),
  accountOpened('mine', 'equity', { currency: 'BTC', overdraftLimit: null }),
];
const funded: LedgerEvent = {
  type: 'TransferPosted',
  data: {
    id: 'funding',
    legs: [leg('cash', 'alice', '100.00')],
    effectiveAt: NOON,
    recordedAt: NOON,
    reference: null,
    description: null,
    metadata: {},
    balances: [
      { account: 'cash', currency: 'EUR', version: 2, balance: '100.00', available: '100.00' },
      { account: 'alice', currency: 'EUR', version: 2, balance: '100.00', available: '100.00' },
    ],
  },
};

describe('a transfer that can be made', () => {
  it('records what every account came to', () => {
    given(...books)
      .when(postTransfer('funding', [leg('cash', 'alice', '100')]))
      .then(funded);
  });

  it('counts from its recording when no time is named, else from the time named', () => {
    given(...books)
      .when(postTransfer('t', [leg('cash', 'alice', '1')], { effectiveAt: MORNING }))
      .thenEvent('TransferPosted', { effectiveAt: MORNING, recordedAt: NOON });
  });

  it('keeps reference, description and metadata', () => {
    const extras = { reference: 'INV-1', description: 'Bread', metadata: { order: '7' } };
    given(...books)
      .when(postTransfer('t', [leg('cash', 'alice', '1')], extras))
      .thenEvent('TransferPosted', extras);
  });

  it('moves several legs and currencies at once', () => {
    given(...books)
      .when(
        postTransfer('t', [leg('cash', 'alice', '10'), leg('coins', 'mine', '0.00000001', 'BTC')]),
      )
      .thenEvent('TransferPosted', {
        balances: [
          { account: 'cash', balance: '10.00', version: 2 },
          { account: 'alice', balance: '10.00', version: 2 },
          { account: 'coins', balance: '0.00000001', version: 2 },
          { account: 'mine', balance: '0.00000001', version: 2 },
        ],
      });
  });

  it('is judged by what it leaves, not by the order of its legs', () => {
    given(...books)
      .when(postTransfer('t', [leg('alice', 'bob', '5'), leg('world', 'alice', '5')]))
      .thenEvent('TransferPosted', {
        balances: [
          { account: 'alice', balance: '0.00', version: 2 },
          { account: 'bob', balance: '5.00', version: 2 },
          { account: 'world', balance: '-5.00', version: 2 },
        ],
      });
  });

  it('may use an overdraft to the last cent', () => {
    given(...books)
      .when(postTransfer('t', [leg('bob', 'alice', '20')]))
      .thenEvent('TransferPosted', { balances: [{ balance: '-20.00' }, { balance: '20.00' }] });
  });

  it('may fill an account to its limit', () => {
    given(...books)
      .when(postTransfer('t', [leg('cash', 'bob', '500')]))
      .thenEvent('TransferPosted', { balances: [{}, { balance: '500.00' }] });
  });
});

describe('a transfer that breaks a rule of the books', () => {
  it('is recorded as refused, with what was seen', () => {
    given(...books, funded)
      .when(postTransfer('t', [leg('alice', 'bob', '100.01')]))
      .then({
        type: 'TransferRefused',
        data: {
          id: 't',
          legs: [leg('alice', 'bob', '100.01')],
          effectiveAt: NOON,
          recordedAt: NOON,
          reference: null,
          description: null,
          metadata: {},
          refusal: {
            code: 'INSUFFICIENT_FUNDS',
            message: 'An account would fall below what its overdraft limit allows.',
            evidence: {
              revision: 7,
              accounts: [
                {
                  account: 'alice',
                  currency: 'EUR',
                  version: 2,
                  status: 'open',
                  balance: '100.00',
                  available: '100.00',
                  overdraftLimit: '0.00',
                  balanceLimit: null,
                  change: '-100.01',
                },
              ],
            },
          },
        },
      });
  });

  it('may not overdraw an account on its normal side: an asset by credits', () => {
    given(...books)
      .when(postTransfer('t', [leg('alice', 'cash', '1')]))
      .thenEvent('TransferRefused', {
        refusal: {
          code: 'INSUFFICIENT_FUNDS',
          evidence: { accounts: [{ account: 'alice' }, { account: 'cash' }] },
        },
      });
  });

  it('may not overfill an account', () => {
    given(...books)
      .when(postTransfer('t', [leg('cash', 'bob', '500.01')]))
      .thenEvent('TransferRefused', {
        refusal: { code: 'BALANCE_LIMIT_EXCEEDED', evidence: { accounts: [{ account: 'bob' }] } },
      });
  });

  it('names insufficient funds before an exceeded limit', () => {
    given(...books)
      .when(postTransfer('t', [leg('alice', 'bob', '501')]))
      .thenEvent('TransferRefused', { refusal: { code: 'INSUFFICIENT_FUNDS' } });
  });

  it('may not grow the sums of an account beyond what is kept', () => {
    const state = fold(books);
    const world = state.accounts.get('world');
    if (!world) throw new Error('the books have no account world');
    const full = {
      debits: 10n ** BigInt(SUM_INTEGER_DIGITS_MAX + world.scale) - 100n,
      credits: 0n,
    };
    state.accounts.set('world', { ...world, posted: full });
    const attempt = (amount: string) =>
      decide(state, postTransfer('t', [leg('world', 'alice', amount)]));
    expect(attempt('0.99')).toMatchObject({ event: { type: 'TransferPosted' } });
    expect(attempt('1.00')).toMatchObject({
      event: {
        type: 'TransferRefused',
        data: {
          refusal: { code: 'AMOUNT_OVERFLOW', evidence: { accounts: [{ account: 'world' }] } },
        },
      },
    });
  });
});

describe('a transfer that does not fit the ledger', () => {
  it.each(['0', '0.00', '-1', '1e3', 'NaN', '1.234', '9'.repeat(40), '', ' 1', 'one'])(
    'is turned away for the amount %j',
    (amount) => {
      given(...books)
        .when(postTransfer('t', [leg('cash', 'alice', amount)]))
        .thenRejected('INVALID_AMOUNT', 'legs[0].amount');
    },
  );

  it('is turned away for a currency nobody knows', () => {
    given(...books)
      .when(postTransfer('t', [leg('cash', 'alice', '1', 'XXY')]))
      .thenRejected('UNKNOWN_CURRENCY', 'legs[0].currency');
  });

  it('is turned away for a currency the accounts do not keep', () => {
    given(...books)
      .when(postTransfer('t', [leg('cash', 'coins', '1')]))
      .thenRejected('CURRENCY_MISMATCH', 'legs[0].currency');
  });

  it('is turned away for an account to itself', () => {
    given(...books)
      .when(postTransfer('t', [leg('cash', 'cash', '1')]))
      .thenRejected('SAME_ACCOUNT', 'legs[0].credit');
  });

  it('is turned away for accounts that were never opened, all of them named', () => {
    given(...books)
      .when(postTransfer('t', [leg('cash', 'alice', '1'), leg('nobody', 'nowhere', '1')]))
      .thenRejected('UNKNOWN_ACCOUNT', 'legs[1].debit', 'legs[1].credit');
  });

  it('is turned away without legs, and with more than a transfer may have', () => {
    given(...books)
      .when(postTransfer('t', []))
      .thenRejected('INVALID_TRANSFER', 'legs');
    const legs = Array.from({ length: LEGS_MAX + 1 }, () => leg('cash', 'alice', '1'));
    given(...books)
      .when(postTransfer('t', legs))
      .thenRejected('INVALID_TRANSFER', 'legs');
    given(...books)
      .when(postTransfer('t', legs.slice(1)))
      .thenEvent('TransferPosted', { balances: [{ balance: '100.00' }, { balance: '100.00' }] });
  });

  it.each(['', ' ', 'a b', '/', 'x'.repeat(65), '-a'])('is turned away for the id %j', (id) => {
    given(...books)
      .when(postTransfer(id, [leg('cash', 'alice', '1')]))
      .thenRejected('INVALID_TRANSFER', 'id');
  });

  it('needs a ledger', () => {
    given()
      .when(postTransfer('t', [leg('cash', 'alice', '1')]))
      .thenRejected('LEDGER_NOT_FOUND');
  });
});

describe('a transfer id that was used before', () => {
  const refused: LedgerEvent = {
    type: 'TransferRefused',
    data: {
      ...postTransferData('refused', '100.01'),
      refusal: {
        code: 'INSUFFICIENT_FUNDS',
        message: 'm',
        evidence: { revision: 7, accounts: [] },
      },
    },
  };

  it('leads to what was recorded, however the amount is written', () => {
    given(...books, funded)
      .when(postTransfer('funding', [leg('cash', 'alice', '100.0')]))
      .thenDecidedAt(7);
  });

  it('keeps a refusal refused, whatever the balance is now', () => {
    given(...books, funded, refused)
      .when(postTransfer('refused', [leg('alice', 'bob', '100.01')], { effectiveAt: NOON }))
      .thenDecidedAt(8);
  });

  it('tells in what a different request differs', () => {
    given(...books, funded)
      .when(
        postTransfer('funding', [leg('world', 'bob', '1e3', 'USD')], {
          effectiveAt: MORNING,
          reference: 'r',
          description: 'd',
          metadata: { k: 'v' },
        }),
      )
      .thenDecidedAt(7, [
        'legs[0].debit',
        'legs[0].credit',
        'legs[0].amount',
        'legs[0].currency',
        'effectiveAt',
        'reference',
        'description',
        'metadata.k',
      ]);
  });

  it('tells that the number of legs differs', () => {
    given(...books, funded)
      .when(postTransfer('funding', [leg('cash', 'alice', '50'), leg('cash', 'alice', '50')]))
      .thenDecidedAt(7, ['legs']);
  });
});

function postTransferData(id: string, amount: string) {
  return {
    id,
    legs: [leg('alice', 'bob', amount)],
    effectiveAt: NOON,
    recordedAt: NOON,
    reference: null,
    description: null,
    metadata: {},
  };
}
