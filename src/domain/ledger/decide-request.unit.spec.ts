// When a transfer may count, what its reference may be, and which of several refusals wins.
import { after, given } from '../../../test/support/given-when-then.js';
import {
  MORNING,
  NOON,
  ledgerOpened,
  postTransfer,
} from '../../../test/support/ledger-factories.js';
import {
  BOOKS,
  EVENING,
  SALE,
  expireTransfer,
  holdTransfer,
  postBatch,
  reverseTransfer,
  voidTransfer,
  written,
} from '../../../test/support/transfer-factories.js';
import { type LedgerRules } from './events.js';
import { NO_RULES } from './open-ledger.js';

const booksWith = (rules: Partial<LedgerRules>) => [
  ledgerOpened({ rules: { ...NO_RULES, ...rules } }),
  ...BOOKS.slice(1),
];
const refused = (code: string, evidence: object = {}) => ({ refusal: { code, evidence } });

describe('a pending transfer', () => {
  it('reserves its amounts on both sides, without moving them', () => {
    given(...BOOKS)
      .when(holdTransfer('hold', SALE, EVENING))
      .then({
        type: 'TransferHeld',
        data: {
          ...{ id: 'hold', legs: SALE, effectiveAt: NOON, recordedAt: NOON },
          ...{ reference: null, description: null, metadata: {} },
          pending: { expiresAt: EVENING },
          balances: [
            {
              account: 'wallet',
              currency: 'EUR',
              version: 3,
              balance: '100.00',
              available: '90.00',
            },
            { account: 'shop', currency: 'EUR', version: 2, balance: '0.00', available: '0.00' },
          ],
        },
      });
  });

  it('that would have expired before it is recorded is refused: TRANSFER_EXPIRED', () => {
    for (const expiresAt of [MORNING, NOON]) {
      given(...BOOKS)
        .when(holdTransfer('hold', SALE, expiresAt))
        .thenEvent('TransferRefused', { pending: { expiresAt }, ...refused('TRANSFER_EXPIRED') });
    }
  });
});

describe('when a transfer counts', () => {
  const at = (effectiveAt: string | null, now = NOON) =>
    postTransfer('t', SALE, { effectiveAt, now });
  const limits = { pastDaysMax: 2, futureDaysMax: 1 };

  it.each([
    ['to the millisecond in the past', '2026-02-27T12:00:00.000Z'],
    ['to the millisecond in the future', '2026-03-02T12:00:00.000Z'],
    ['now', NOON],
    ['now, without saying so', null],
  ])('is within the limits of the ledger: %s', (_what, effectiveAt) => {
    given(...booksWith(limits))
      .when(at(effectiveAt))
      .thenEvent('TransferPosted', { effectiveAt: effectiveAt ?? NOON });
  });

  it.each([
    ['a millisecond too early', '2026-02-27T11:59:59.999Z'],
    ['a millisecond too late', '2026-03-02T12:00:00.001Z'],
  ])('is refused beyond them: EFFECTIVE_AT_OUT_OF_RANGE, %s', (_what, effectiveAt) => {
    given(...booksWith(limits))
      .when(at(effectiveAt))
      .thenEvent('TransferRefused', {
        effectiveAt,
        ...refused('EFFECTIVE_AT_OUT_OF_RANGE', { revision: 5, effectiveAt: limits }),
      });
  });

  it('is now alone where the limits are zero days', () => {
    const books = booksWith({ pastDaysMax: 0, futureDaysMax: 0 });
    given(...books)
      .when(at(null))
      .thenEvent('TransferPosted', {});
    for (const effectiveAt of ['2026-03-01T11:59:59.999Z', '2026-03-01T12:00:00.001Z']) {
      given(...books)
        .when(at(effectiveAt))
        .thenEvent('TransferRefused', refused('EFFECTIVE_AT_OUT_OF_RANGE'));
    }
  });

  it('is any time where there are no limits', () => {
    for (const effectiveAt of ['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z']) {
      given(...BOOKS)
        .when(at(effectiveAt))
        .thenEvent('TransferPosted', { effectiveAt });
    }
  });

  it('and is recorded never goes back, whatever the clock does', () => {
    given(...after(BOOKS, postTransfer('late', SALE, { now: EVENING })))
      .when(at(null, MORNING))
      .thenEvent('TransferPosted', { recordedAt: EVENING, effectiveAt: EVENING });
  });
});

describe('a reference', () => {
  const unique = booksWith({ uniqueReferences: true });
  const withReference = (id: string, reference = 'INV-1') => postTransfer(id, SALE, { reference });
  const once = after(unique, withReference('first'));

  it('is used once, in a ledger where it is unique: REFERENCE_TAKEN', () => {
    given(...once)
      .when(withReference('second'))
      .thenEvent('TransferRefused', {
        reference: 'INV-1',
        ...refused('REFERENCE_TAKEN', { reference: { reference: 'INV-1', revision: 6 } }),
      });
    given(...once)
      .when(withReference('second', 'INV-2'))
      .thenEvent('TransferPosted', {});
    given(...once)
      .when(postTransfer('second', SALE))
      .thenEvent('TransferPosted', {});
  });

  it('is used as often as one likes in any other ledger', () => {
    given(...after(BOOKS, withReference('first')))
      .when(withReference('second'))
      .thenEvent('TransferPosted', {});
  });

  it('is used by a pending transfer, even one that was voided or expired', () => {
    const hold = { ...holdTransfer('first', SALE, EVENING), reference: 'INV-1' };
    for (const end of [voidTransfer('v', 'first'), expireTransfer('first', EVENING)]) {
      given(...after(unique, hold, end))
        .when(withReference('second'))
        .thenEvent('TransferRefused', refused('REFERENCE_TAKEN'));
    }
  });

  it('is used by one of a batch', () => {
    const batch = postBatch('b', [written('x', SALE, { reference: 'INV-1' })]);
    given(...after(unique, batch))
      .when(withReference('second'))
      .thenEvent('TransferRefused', refused('REFERENCE_TAKEN', { reference: { revision: 6 } }));
  });

  it('is not used by a transfer that was refused, nor by acts and reversals', () => {
    const tooMuch = postTransfer('first', [{ ...SALE[0]!, amount: '900.00' }], {
      reference: 'INV-1',
    });
    given(...after(unique, tooMuch))
      .when(withReference('second'))
      .thenEvent('TransferPosted', {});
    given(...after(once, reverseTransfer('r', 'first')))
      .when(reverseTransfer('s', 'first'))
      .thenEvent('TransferRefused', refused('AMOUNT_EXCEEDS_POSTED'));
  });

  it('of any length that is allowed, in any script, is told apart', () => {
    const long = '語'.repeat(200);
    given(...after(unique, withReference('first', long)))
      .when(withReference('second', long))
      .thenEvent('TransferRefused', refused('REFERENCE_TAKEN'));
    given(...after(unique, withReference('first', long)))
      .when(withReference('second', `${long.slice(1)}x`))
      .thenEvent('TransferPosted', {});
  });
});
