import { given } from '../../../test/support/given-when-then.js';
import {
  MORNING,
  accountCommands,
  accountEvents,
  accountOpened,
  ledgerOpened,
  leg,
  postTransfer,
  transferPosted,
} from '../../../test/support/ledger-factories.js';

const { change } = accountCommands('wallet');
const { changed, frozen, closed } = accountEvents('wallet');
const books = [
  ledgerOpened(),
  accountOpened('wallet', 'liability', { metadata: { tier: 'gold', city: 'Brno' } }),
  accountOpened('cash', 'asset', { overdraftLimit: null }),
] as const;

describe('changing an account', () => {
  it('records what changed, whole and with all decimals, and nothing else', () => {
    given(...books)
      .when(change({ overdraftLimit: '10', balanceLimit: null, metadata: { tier: 'silver' } }))
      .then(changed(2, { overdraftLimit: '10.00', metadata: { tier: 'silver' } }));
  });

  it('can lift a limit and set one', () => {
    given(...books)
      .when(change({ overdraftLimit: null, balanceLimit: '5000' }))
      .then(changed(2, { overdraftLimit: null, balanceLimit: '5000.00' }));
  });

  it.each([
    ['no field', {}],
    ['the same limits, written differently', { overdraftLimit: '0', balanceLimit: null }],
    ['the same metadata in another order', { metadata: { city: 'Brno', tier: 'gold' } }],
    ['the same, for a version that is gone', { overdraftLimit: '0.0', expectedVersion: 7 }],
  ])('changes nothing with %s', (_what, command) => {
    given(...books)
      .when(change(command))
      .thenUnchanged();
  });

  it('counts from what the account is now, not from its opening', () => {
    const raised = changed(2, { overdraftLimit: '10.00' });
    given(...books, raised)
      .when(change({ overdraftLimit: '10' }))
      .thenUnchanged();
    given(...books, raised)
      .when(change({ overdraftLimit: '0' }))
      .then(changed(3, { overdraftLimit: '0.00' }));
  });

  it('is possible while the account is frozen', () => {
    given(...books, frozen(2))
      .when(change({ metadata: {} }))
      .then(changed(3, { metadata: {} }));
  });

  it('is never recorded before the event that precedes it', () => {
    given(...books, changed(2, { overdraftLimit: null }))
      .when(change({ metadata: {}, now: MORNING }))
      .then(changed(3, { metadata: {} }));
  });

  it('is made at the version that was expected, and at no other', () => {
    const command = { overdraftLimit: '1', expectedVersion: 1 };
    given(...books)
      .when(change(command))
      .thenEvent('AccountChanged', { version: 2 });
    given(...books, frozen(2, 'debits'))
      .when(change(command))
      .thenRejectedFor('VERSION_MISMATCH', { version: 2, status: 'frozen', freeze: 'debits' });
  });

  it('expects a version that transfers count in, too', () => {
    given(...books, transferPosted('cash', 'wallet', '5.00'))
      .when(change({ overdraftLimit: '1', expectedVersion: 1 }))
      .thenRejectedFor('VERSION_MISMATCH', { version: 2, balance: '5.00' });
  });
});

describe('changing an account is turned away', () => {
  it('without a ledger', () => {
    given().when(change({})).thenRejected('LEDGER_NOT_FOUND');
  });

  it('without the account', () => {
    given(ledgerOpened()).when(change({})).thenRejected('ACCOUNT_NOT_FOUND');
  });

  it('when it is closed, before anything else', () => {
    given(...books, closed(2))
      .when(change({ overdraftLimit: 'x', expectedVersion: 1 }))
      .thenRejectedFor('ACCOUNT_CLOSED', { status: 'closed', version: 2 });
  });

  it('when limits cannot be read, before versions are compared', () => {
    given(...books)
      .when(change({ overdraftLimit: '-1', balanceLimit: '0.001', expectedVersion: 9 }))
      .thenRejected('INVALID_ACCOUNT', 'overdraftLimit', 'balanceLimit');
  });
});

describe('a limit that the account is beyond already', () => {
  const lowered = [
    ...books,
    transferPosted('cash', 'wallet', '100.00'),
    changed(3, { balanceLimit: '40.00' }),
  ];

  it('refuses what would take it further', () => {
    given(...lowered)
      .when(postTransfer('t', [leg('cash', 'wallet', '0.01')]))
      .thenEvent('TransferRefused', { refusal: { code: 'BALANCE_LIMIT_EXCEEDED' } });
  });

  it('takes what brings it back, though not all the way', () => {
    given(...lowered)
      .when(postTransfer('t', [leg('wallet', 'cash', '10')]))
      .thenEvent('TransferPosted', { balances: [{ balance: '90.00', version: 4 }, {}] });
  });
});
