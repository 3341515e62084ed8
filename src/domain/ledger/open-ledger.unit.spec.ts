import { given } from '../../../test/support/given-when-then.js';
import { NOON, ledgerOpened, openLedger } from '../../../test/support/ledger-factories.js';

describe('opening a ledger', () => {
  it('is the first event of its stream', () => {
    given().when(openLedger()).then(ledgerOpened());
  });

  it('again in the same way leads to what was recorded', () => {
    given(ledgerOpened())
      .when(openLedger({ now: NOON }))
      .thenDecidedAt(0);
  });

  it('again in another way tells what differs', () => {
    given(ledgerOpened())
      .when(openLedger({ name: 'Store', assets: [{ code: 'BTC', scale: 9 }] }))
      .thenDecidedAt(0, ['name', 'assets']);
  });

  it.each(['', 'Shop', '-shop', 'a b', 'a'.repeat(64), 'läden'])(
    'does not take the id %j',
    (ledger) => {
      given().when(openLedger({ ledger })).thenRejected('INVALID_LEDGER', 'id');
    },
  );

  it.each([
    [{ code: 'EUR', scale: 2 }, 'assets[0].code'],
    [{ code: 'btc', scale: 8 }, 'assets[0].code'],
    [{ code: 'BTC', scale: 19 }, 'assets[0].scale'],
    [{ code: 'BTC', scale: -1 }, 'assets[0].scale'],
    [{ code: 'BTC', scale: 1.5 }, 'assets[0].scale'],
  ])('does not register the asset %j', (asset, field) => {
    given()
      .when(openLedger({ assets: [asset] }))
      .thenRejected('INVALID_LEDGER', field);
  });

  it('registers each asset once', () => {
    const btc = { code: 'BTC', scale: 8 };
    given()
      .when(openLedger({ assets: [btc, btc] }))
      .thenRejected('INVALID_LEDGER', 'assets[1].code');
  });
});
