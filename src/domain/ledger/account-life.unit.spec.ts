import { fold, given } from '../../../test/support/given-when-then.js';
import {
  accountCommands,
  accountEvents,
  accountOpened,
  ledgerOpened,
  leg,
  openAccount,
  postTransfer,
  transferPosted,
} from '../../../test/support/ledger-factories.js';
import { decide } from './decide.js';

const { freeze, unfreeze, close, change } = accountCommands('wallet');
const { frozen, unfrozen, closed } = accountEvents('wallet');
const opened = [
  ledgerOpened(),
  accountOpened('wallet', 'liability'),
  accountOpened('cash', 'asset', { overdraftLimit: null }),
] as const;
const funded = [...opened, transferPosted('cash', 'wallet', '100.00')] as const;

const FROM_WALLET = [leg('wallet', 'cash', '10.00')];
const TO_WALLET = [leg('cash', 'wallet', '10.00')];

describe('freezing an account', () => {
  it.each(['all', 'debits'] as const)('is recorded with its reason: %s', (what) => {
    given(...opened)
      .when(freeze(what))
      .then(frozen(2, what));
  });

  it('the same way again changes nothing, whatever the reason', () => {
    given(...opened, frozen(2, 'debits'))
      .when({ ...freeze('debits'), reason: 'another' })
      .thenUnchanged();
  });

  it('another way takes the place of the first', () => {
    given(...opened, frozen(2, 'debits'))
      .when(freeze('all'))
      .then(frozen(3, 'all'));
    given(...opened, frozen(2, 'all'))
      .when(freeze('debits'))
      .then(frozen(3, 'debits'));
  });
});

describe('unfreezing an account', () => {
  it('is recorded with its reason', () => {
    given(...opened, frozen(2))
      .when(unfreeze())
      .then(unfrozen(3));
  });

  it('that is not frozen changes nothing', () => {
    given(...opened)
      .when(unfreeze())
      .thenUnchanged();
    given(...opened, frozen(2), unfrozen(3))
      .when(unfreeze())
      .thenUnchanged();
  });
});

describe('closing an account', () => {
  it('without a balance is recorded with its reason', () => {
    given(...opened)
      .when(close())
      .then(closed(2));
  });

  it('that is frozen is possible: nothing moves', () => {
    given(...opened, frozen(2))
      .when(close())
      .then(closed(3));
  });

  it('again changes nothing', () => {
    given(...opened, closed(2))
      .when({ ...close(), reason: 'another' })
      .thenUnchanged();
  });

  it('with a balance is turned away', () => {
    given(...funded)
      .when(close())
      .thenRejectedFor('ACCOUNT_NOT_EMPTY', { balance: '100.00', version: 2, status: 'open' });
  });

  it.each([
    ['reserved', { debits: 500n, credits: 0n }],
    ['expected', { debits: 0n, credits: 500n }],
    ['both, which even out', { debits: 500n, credits: 500n }],
  ])('with pending transfers is turned away: %s', (_what, pending) => {
    const state = fold(opened);
    const wallet = state.accounts.get('wallet');
    if (!wallet) throw new Error('the books have no wallet');
    state.accounts.set('wallet', { ...wallet, pending });
    expect(decide(state, close())).toMatchObject({ rejection: { code: 'ACCOUNT_NOT_EMPTY' } });
  });
});

describe('a closed account', () => {
  const history = [...opened, frozen(2), closed(3)];

  it.each([
    ['frozen', freeze()],
    ['unfrozen', unfreeze()],
    ['changed', change({ overdraftLimit: '1' })],
  ])('is never %s', (_what, command) => {
    given(...history)
      .when(command)
      .thenRejectedFor('ACCOUNT_CLOSED', { status: 'closed', version: 3 });
  });

  it('keeps its address', () => {
    given(...history)
      .when(openAccount({ address: 'wallet' }))
      .thenDecidedAt(1);
  });

  it('is closed, and no longer frozen', () => {
    expect(fold(history).accounts.get('wallet')).toMatchObject({ status: 'closed', freeze: null });
  });
});

describe.each([
  ['freezing', freeze()],
  ['unfreezing', unfreeze()],
  ['closing', close()],
])('%s', (_what, command) => {
  it('needs a ledger, and the account', () => {
    given().when(command).thenRejected('LEDGER_NOT_FOUND');
    given(ledgerOpened()).when(command).thenRejected('ACCOUNT_NOT_FOUND');
  });
});

describe('a transfer with an account', () => {
  const refused = (code: string, account: object) => ({
    refusal: { code, evidence: { accounts: [account] } },
  });

  it('frozen for all is refused in both directions', () => {
    const wallet = { account: 'wallet', status: 'frozen', freeze: 'all', version: 3 };
    for (const legs of [FROM_WALLET, TO_WALLET]) {
      given(...funded, frozen(3))
        .when(postTransfer('t', legs))
        .thenEvent('TransferRefused', refused('ACCOUNT_FROZEN', wallet));
    }
  });

  it('frozen for debits is refused only where it debits the account', () => {
    const wallet = { account: 'wallet', status: 'frozen', freeze: 'debits', change: '-10.00' };
    given(...funded, frozen(3, 'debits'))
      .when(postTransfer('t', FROM_WALLET))
      .thenEvent('TransferRefused', refused('ACCOUNT_FROZEN', wallet));
    given(...funded, frozen(3, 'debits'))
      .when(postTransfer('t', TO_WALLET))
      .thenEvent('TransferPosted', { balances: [{}, { balance: '110.00', version: 4 }] });
  });

  it('frozen for debits is refused also where other legs give back what a debit takes', () => {
    given(...funded, frozen(3, 'debits'))
      .when(postTransfer('t', [...FROM_WALLET, ...TO_WALLET]))
      .thenEvent('TransferRefused', refused('ACCOUNT_FROZEN', { change: '0.00' }));
  });

  it('frozen for debits is refused what would add to an asset', () => {
    given(...funded, accountEvents('cash').frozen(3, 'debits'))
      .when(postTransfer('t', TO_WALLET))
      .thenEvent('TransferRefused', refused('ACCOUNT_FROZEN', { account: 'cash' }));
    given(...funded, accountEvents('cash').frozen(3, 'debits'))
      .when(postTransfer('t', FROM_WALLET))
      .thenEvent('TransferPosted', {});
  });

  it('that was unfrozen is posted', () => {
    given(...funded, frozen(3), unfrozen(4))
      .when(postTransfer('t', FROM_WALLET))
      .thenEvent('TransferPosted', { balances: [{ balance: '90.00', version: 5 }, {}] });
  });

  it('that is closed is refused in both directions', () => {
    for (const legs of [FROM_WALLET, TO_WALLET]) {
      given(...opened, closed(2))
        .when(postTransfer('t', legs))
        .thenEvent('TransferRefused', refused('ACCOUNT_CLOSED', { status: 'closed' }));
    }
  });

  it('is refused for a closed account before a frozen one, and for that before its funds', () => {
    const cash = accountEvents('cash');
    given(...opened, closed(2), cash.frozen(2))
      .when(postTransfer('t', FROM_WALLET))
      .thenEvent('TransferRefused', refused('ACCOUNT_CLOSED', { account: 'wallet' }));
    given(...opened, cash.frozen(2))
      .when(postTransfer('t', FROM_WALLET))
      .thenEvent('TransferRefused', refused('ACCOUNT_FROZEN', { account: 'cash' }));
    given(...opened)
      .when(postTransfer('t', FROM_WALLET))
      .thenEvent('TransferRefused', refused('INSUFFICIENT_FUNDS', { account: 'wallet' }));
  });
});
