import { InvariantViolation } from '../../src/domain/errors.js';
import { type Leg, type TransferPosted } from '../../src/domain/ledger/transfer-events.js';
import { given, recorded } from '../../test/support/bookings.js';
import {
  NOON,
  accountEvents,
  accountOpened,
  ledgerOpened,
  leg,
} from '../../test/support/ledger-factories.js';
import { addressesTouched } from './touched.js';

const HISTORY = [
  ledgerOpened(),
  accountOpened('cash', 'asset'),
  accountOpened('ann', 'liability'),
  accountOpened('bob', 'liability'),
  accountOpened('coins', 'asset', { currency: 'BTC' }),
] as const;

type Balance = [account: string, version: number, balance: string];

function posted(legs: readonly Leg[], ...balances: Balance[]): TransferPosted {
  return {
    type: 'TransferPosted',
    data: {
      id: 't',
      legs,
      ...{ effectiveAt: NOON, recordedAt: NOON, reference: null, description: null, metadata: {} },
      balances: balances.map(([account, version, balance]) => ({
        ...{ account, currency: 'EUR', version, balance, available: balance },
      })),
    },
  };
}

describe('booking a transfer', () => {
  it('follows the balance of each account through every leg, each debit before its credit', () => {
    const { movements, accounts } = given(...HISTORY).then(
      posted(
        [leg('cash', 'ann', '10.00'), leg('ann', 'bob', '4.00'), leg('bob', 'ann', '1.50')],
        ['cash', 2, '10.00'],
        ['ann', 2, '7.50'],
        ['bob', 2, '2.50'],
      ),
    );
    const lines = movements.map(
      ({ leg: index, side, account, counterparty, amount, balance }) =>
        `${index} ${side} ${account} (${counterparty}) ${amount} = ${balance}`,
    );
    expect(lines).toEqual([
      '0 debit cash (ann) 10.00 = 10.00',
      '0 credit ann (cash) 10.00 = 10.00',
      '1 debit ann (bob) 4.00 = 6.00',
      '1 credit bob (ann) 4.00 = 4.00',
      '2 debit bob (ann) 1.50 = 2.50',
      '2 credit ann (bob) 1.50 = 7.50',
    ]);
    expect(
      accounts.map(({ address, version, posted: { debits, credits } }) => [
        ...[address, version, debits, credits],
      ]),
    ).toEqual([
      ['cash', 2, 1000n, 0n],
      ['ann', 2, 400n, 1150n],
      ['bob', 2, 150n, 400n],
    ]);
  });

  it('keeps the scale of the currency, also of a registered asset', () => {
    const { accounts } = given(...HISTORY).lastBooking();
    expect(accounts.map(({ address, scale }) => [address, scale])).toEqual([['coins', 8]]);
  });
});

describe('booking what happens to an account', () => {
  const { changed, frozen, unfrozen, closed } = accountEvents('ann');

  it('keeps its rules and its status, each at the next version', () => {
    const history = [
      changed(2, { overdraftLimit: null, metadata: { tier: 'gold' } }),
      changed(3, { balanceLimit: '50.00' }),
      frozen(4, 'debits'),
      frozen(5, 'all'),
      unfrozen(6),
      closed(7),
    ];
    const books = given(...HISTORY);
    const booked = history.map((event, index) => books.then(event, HISTORY.length + index));
    expect(booked.map(({ movements }) => movements)).toEqual(history.map(() => []));
    expect(
      booked.map(({ accounts: [ann] }) => [ann?.version, ann?.status, ann?.freeze, ann?.revision]),
    ).toEqual([
      [2, 'open', null, 5],
      [3, 'open', null, 6],
      [4, 'frozen', 'debits', 7],
      [5, 'frozen', 'all', 8],
      [6, 'open', null, 9],
      [7, 'closed', null, 10],
    ]);
    expect(booked.at(-1)?.accounts).toMatchObject([
      { overdraftLimit: null, balanceLimit: '50.00', metadata: { tier: 'gold' } },
    ]);
  });

  it('stops at what cannot follow', () => {
    const closedBooks = given(...HISTORY, closed(2));
    expect(() => closedBooks.then(frozen(3))).toThrow(/account ann was closed/);
    const move = posted([leg('cash', 'ann', '1.00')], ['cash', 2, '1.00'], ['ann', 3, '1.00']);
    expect(() => closedBooks.then(move)).toThrow(/account ann was closed/);
    const funded = posted([leg('cash', 'ann', '1.00')], ['cash', 2, '1.00'], ['ann', 2, '1.00']);
    expect(() => given(...HISTORY, funded).then(closed(3))).toThrow(/has a balance/);
    expect(() => given(...HISTORY).then(frozen(3))).toThrow(/at version 3 after 1/);
    expect(() => given(...HISTORY).then(accountEvents('eve').frozen(2))).toThrow(/never opened/);
  });
});

describe('booking is refused', () => {
  const move = [leg('cash', 'ann', '10.00')];
  const right: Balance[] = [
    ['cash', 2, '10.00'],
    ['ann', 2, '10.00'],
  ];

  it.each([
    ['a balance is not the sum', posted(move, ['cash', 2, '10.01'], ['ann', 2, '10.00'])],
    ['a version is not the next', posted(move, ['cash', 3, '10.00'], ['ann', 2, '10.00'])],
    ['a balance is missing', posted(move, ['cash', 2, '10.00'])],
    ['a balance is of an account not moved', posted(move, ...right, ['bob', 1, '0.00'])],
    ['an account was never opened', posted([leg('cash', 'eve', '1.00')])],
    ['an account keeps another currency', posted([leg('coins', 'ann', '1.00')])],
    [
      'nothing is moved',
      posted([leg('cash', 'ann', '0.00')], ['cash', 2, '0.00'], ['ann', 2, '0.00']),
    ],
    ['an account is opened twice', accountOpened('cash', 'asset')],
    ['a currency is not known', accountOpened('gold', 'asset', { currency: 'XAU' })],
    ['the ledger is opened twice', ledgerOpened()],
  ])('when %s, and leaves the books as they were', (_case, event) => {
    const shop = given(...HISTORY);
    const before = { ledgers: [...shop.books.ledgers], accounts: [...shop.books.accounts] };
    expect(() => shop.then(event)).toThrow(InvariantViolation);
    expect({ ledgers: [...shop.books.ledgers], accounts: [...shop.books.accounts] }).toEqual(
      before,
    );
    expect(shop.then(posted(move, ...right)).ledger.revision).toBe(HISTORY.length);
  });

  it.each([
    ['comes again', 3],
    ['comes after a gap', 7],
  ])('when an event %s', (_case, revision) => {
    const shop = given(...HISTORY);
    expect(() => shop.then(posted(move, ...right), revision)).toThrow(/does not follow revision 4/);
  });

  it('when a ledger begins in the middle, or under another name', () => {
    const nothing = given();
    expect(() => nothing.then(accountOpened('cash', 'asset'), 0)).toThrow(/revision -1/);
    expect(() => nothing.then(ledgerOpened(), 1)).toThrow(/events before it are missing/);
    expect(() => nothing.then(ledgerOpened({ ledger: 'other' }), 0)).toThrow(/another ledger/);
  });
});

it('names the accounts that an event touches', () => {
  const touched = (event: Parameters<typeof recorded>[0]) => addressesTouched(recorded(event, 0));
  expect(touched(ledgerOpened())).toEqual([]);
  expect(touched(accountOpened('cash', 'asset'))).toEqual(['cash']);
  expect(touched(accountEvents('cash').closed(2))).toEqual(['cash']);
  expect(touched(posted([leg('a', 'b', '1.00'), leg('c', 'a', '1.00')]))).toEqual([
    'a',
    'b',
    'c',
    'a',
  ]);
});
