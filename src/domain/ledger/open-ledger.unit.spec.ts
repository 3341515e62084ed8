import { given } from '../../../test/support/given-when-then.js';
import { NOON, ledgerOpened, openLedger } from '../../../test/support/ledger-factories.js';
import { EFFECTIVE_DAYS_MAX } from './effective-time.js';

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

  it.each([0, EFFECTIVE_DAYS_MAX, null])(
    'lets transfers count %s days from now at most',
    (days) => {
      const rules = { uniqueReferences: true, pastDaysMax: days, futureDaysMax: days };
      given().when(openLedger({ rules })).then(ledgerOpened({ rules }));
    },
  );

  it.each([-1, 1.5, EFFECTIVE_DAYS_MAX + 1, NaN])(
    'does not take %s for a number of days',
    (days) => {
      const rules = { uniqueReferences: false, pastDaysMax: days, futureDaysMax: days };
      given()
        .when(openLedger({ rules }))
        .thenRejected('INVALID_LEDGER', 'rules.pastDaysMax', 'rules.futureDaysMax');
    },
  );

  it('again under other rules tells which', () => {
    const rules = { uniqueReferences: true, pastDaysMax: 1, futureDaysMax: 2 };
    given(ledgerOpened())
      .when(openLedger({ rules }))
      .thenDecidedAt(0, ['rules.uniqueReferences', 'rules.pastDaysMax', 'rules.futureDaysMax']);
  });
});
