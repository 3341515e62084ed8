import { given } from '../../../test/support/given-when-then.js';
import {
  MORNING,
  NOON,
  accountOpened,
  ledgerOpened,
  openAccount,
} from '../../../test/support/ledger-factories.js';

describe('opening an account', () => {
  const ledger = ledgerOpened();
  const wallet = accountOpened('wallet', 'liability', { recordedAt: NOON });

  it('records its rules with all the decimals of its currency', () => {
    given(ledger)
      .when(openAccount({ overdraftLimit: '10', balanceLimit: '99.5', metadata: { tier: 'gold' } }))
      .then(
        accountOpened('wallet', 'liability', {
          overdraftLimit: '10.00',
          balanceLimit: '99.50',
          metadata: { tier: 'gold' },
          recordedAt: NOON,
        }),
      );
  });

  it.each([
    ['JPY', '5', '5'],
    ['USD', '5', '5.00'],
    ['KWD', '5', '5.000'],
    ['BTC', '5', '5.00000000'],
  ])('knows the scale of %s', (currency, overdraftLimit, written) => {
    given(ledger)
      .when(openAccount({ currency, overdraftLimit }))
      .thenEvent('AccountOpened', { overdraftLimit: written });
  });

  it('keeps "without limit" as null', () => {
    given(ledger)
      .when(openAccount({ overdraftLimit: null }))
      .thenEvent('AccountOpened', { overdraftLimit: null, balanceLimit: null });
  });

  it('again in the same way leads to what was recorded, however the amounts are written', () => {
    given(ledger, wallet)
      .when(openAccount({ overdraftLimit: '0.00' }))
      .thenDecidedAt(1);
  });

  it('again in another way tells what differs', () => {
    given(ledger, wallet)
      .when(
        openAccount({
          accountType: 'asset',
          currency: 'USD',
          overdraftLimit: null,
          balanceLimit: 'x',
          metadata: { a: '1' },
        }),
      )
      .thenDecidedAt(1, ['type', 'currency', 'overdraftLimit', 'balanceLimit', 'metadata.a']);
  });

  it('needs a ledger', () => {
    given().when(openAccount()).thenRejected('LEDGER_NOT_FOUND');
  });

  it.each(['DOGE', 'eur', ''])('does not know the currency %j', (currency) => {
    given(ledger).when(openAccount({ currency })).thenRejected('UNKNOWN_CURRENCY', 'currency');
  });

  it.each(['', 'a b', ':a', 'a:', 'a::b', 'é', 'a:'.repeat(10) + 'a', 'x'.repeat(65)])(
    'does not take the address %j',
    (address) => {
      given(ledger).when(openAccount({ address })).thenRejected('INVALID_ACCOUNT', 'address');
    },
  );

  it('tells all limits that cannot be read', () => {
    given(ledger)
      .when(openAccount({ overdraftLimit: '-1', balanceLimit: '1.234' }))
      .thenRejected('INVALID_ACCOUNT', 'overdraftLimit', 'balanceLimit');
  });

  it('is never recorded before the event that precedes it', () => {
    given(ledgerOpened({ recordedAt: NOON }))
      .when(openAccount({ now: MORNING }))
      .thenEvent('AccountOpened', { recordedAt: NOON });
  });
});
