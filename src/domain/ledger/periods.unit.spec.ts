import { after, given } from '../../../test/support/given-when-then.js';
import { MORNING, NOON, postTransfer } from '../../../test/support/ledger-factories.js';
import {
  BOOKS,
  EVENING,
  SALE,
  closePeriod,
  holdTransfer,
  reopenPeriod,
} from '../../../test/support/transfer-factories.js';

const closed = after(BOOKS, closePeriod('2026-02-28'));

describe('closing a period', () => {
  it('is recorded with its last day and its reason', () => {
    given(...BOOKS)
      .when(closePeriod('2026-02-28'))
      .then({
        type: 'PeriodClosed',
        data: { through: '2026-02-28', reason: 'month end', recordedAt: NOON },
      });
  });

  it('further on takes the place of what was closed before', () => {
    given(...after(BOOKS, closePeriod('2026-01-31')))
      .when(closePeriod('2026-02-28'))
      .thenEvent('PeriodClosed', { through: '2026-02-28' });
  });

  it('that is closed already changes nothing, whatever the reason', () => {
    for (const through of ['2026-02-28', '2026-02-27', '1999-12-31']) {
      given(...closed)
        .when({ ...closePeriod(through), reason: 'another' })
        .thenUnchanged();
    }
  });

  it('that is not over yet is turned away, whatever the clock says: INVALID_PERIOD', () => {
    for (const through of ['2026-03-01', '2026-03-02', '2027-01-01']) {
      given(...BOOKS)
        .when(closePeriod(through))
        .thenRejected('INVALID_PERIOD', 'through');
    }
    const nextDay = postTransfer('t', SALE, { now: '2026-03-02T00:00:00.000Z' });
    given(...after(BOOKS, nextDay))
      .when(closePeriod('2026-03-01', NOON))
      .thenEvent('PeriodClosed', { recordedAt: '2026-03-02T00:00:00.000Z' });
  });

  it('needs a ledger, and so does reopening', () => {
    given().when(closePeriod('2026-02-28')).thenRejected('LEDGER_NOT_FOUND');
    given().when(reopenPeriod(null)).thenRejected('LEDGER_NOT_FOUND');
  });
});

describe('reopening a period', () => {
  it.each(['2026-01-31', null])('is recorded with what stays closed: %s', (closedThrough) => {
    given(...closed)
      .when(reopenPeriod(closedThrough, EVENING))
      .then({
        type: 'PeriodReopened',
        data: { closedThrough, reason: 'late invoice', recordedAt: EVENING },
      });
  });

  it('that is open already changes nothing', () => {
    given(...BOOKS)
      .when(reopenPeriod(null))
      .thenUnchanged();
    given(...closed)
      .when(reopenPeriod('2026-02-28'))
      .thenUnchanged();
  });

  it('that was never closed is turned away: INVALID_PERIOD', () => {
    given(...BOOKS)
      .when(reopenPeriod('2026-02-28'))
      .thenRejected('INVALID_PERIOD', 'closedThrough');
    given(...closed)
      .when(reopenPeriod('2026-03-01'))
      .thenRejected('INVALID_PERIOD', 'closedThrough');
  });
});

describe('a transfer in a closed period', () => {
  const at = (effectiveAt: string | null) => postTransfer('t', SALE, { effectiveAt });
  const refused = {
    refusal: {
      code: 'PERIOD_CLOSED',
      evidence: { revision: 6, accounts: [], closedThrough: '2026-02-28' },
    },
  };

  it('is refused, up to the last millisecond of the last day', () => {
    for (const effectiveAt of ['1970-01-01T00:00:00.000Z', '2026-02-28T23:59:59.999Z']) {
      given(...closed)
        .when(at(effectiveAt))
        .thenEvent('TransferRefused', refused);
    }
    given(...closed)
      .when({ ...holdTransfer('t'), effectiveAt: '2026-02-28T00:00:00.000Z' })
      .thenEvent('TransferRefused', refused);
  });

  it('and after it is posted, without a time as well', () => {
    for (const effectiveAt of ['2026-03-01T00:00:00.000Z', MORNING, null]) {
      given(...closed)
        .when(at(effectiveAt))
        .thenEvent('TransferPosted', {});
    }
  });

  it('is posted once the period is open again', () => {
    given(...after(closed, reopenPeriod('2026-01-31')))
      .when(at('2026-02-01T00:00:00.000Z'))
      .thenEvent('TransferPosted', {});
    given(...after(closed, reopenPeriod('2026-01-31')))
      .when(at('2026-01-31T00:00:00.000Z'))
      .thenEvent('TransferRefused', { refusal: { code: 'PERIOD_CLOSED' } });
  });
});
