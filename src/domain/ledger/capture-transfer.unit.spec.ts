import { after, given } from '../../../test/support/given-when-then.js';
import {
  MORNING,
  NOON,
  accountCommands,
  leg,
  ledgerOpened,
  postTransfer,
} from '../../../test/support/ledger-factories.js';
import {
  BOOKS,
  EVENING,
  SALE,
  SALE_WITH_FEE,
  captureTransfer,
  closePeriod,
  expireTransfer,
  holdTransfer,
  postBatch,
  reverseTransfer,
  voidTransfer,
  written,
} from '../../../test/support/transfer-factories.js';

const held = after(BOOKS, holdTransfer('hold'));
const heldWithFee = after(BOOKS, holdTransfer('hold', SALE_WITH_FEE));
const totals = (held: string, posted: string, reversed = '0.00') => ({ held, posted, reversed });
const refused = (code: string, evidence: object = {}) => ({ refusal: { code, evidence } });

describe('capturing a pending transfer', () => {
  it('posts all that is held, with what it leaves on every account', () => {
    const balance = { currency: 'EUR', version: 3 };
    given(...held)
      .when(
        captureTransfer('c', 'hold', {
          ...{ effectiveAt: MORNING, description: 'shipped', metadata: { parcel: '7' } },
        }),
      )
      .then({
        type: 'TransferCaptured',
        data: {
          ...{ id: 'c', transfer: 'hold', parts: null, final: false },
          ...{ effectiveAt: MORNING, recordedAt: NOON },
          ...{ description: 'shipped', metadata: { parcel: '7' } },
          legs: [{ leg: 0, ...leg('wallet', 'shop', '10.00') }],
          released: [],
          totals: [totals('0.00', '10.00')],
          balances: [
            { account: 'wallet', ...balance, version: 4, balance: '90.00', available: '90.00' },
            { account: 'shop', ...balance, balance: '10.00', available: '10.00' },
          ],
        },
      });
  });

  it('posts a part, and the rest later', () => {
    given(...held)
      .when(captureTransfer('c', 'hold', { amount: '4' }))
      .thenEvent('TransferCaptured', {
        parts: [{ leg: 0, amount: '4.00' }],
        totals: [totals('6.00', '4.00')],
        balances: [{ balance: '96.00', available: '90.00' }, {}],
      });
    given(...after(held, captureTransfer('c', 'hold', { amount: '4' })))
      .when(captureTransfer('d', 'hold'))
      .thenEvent('TransferCaptured', { totals: [totals('0.00', '10.00')] });
  });

  it('releases the rest when it is final', () => {
    given(...held)
      .when(captureTransfer('c', 'hold', { amount: '4.00', final: true }))
      .thenEvent('TransferCaptured', {
        legs: [{ leg: 0, amount: '4.00' }],
        released: [{ leg: 0, ...leg('wallet', 'shop', '6.00') }],
        totals: [totals('0.00', '4.00')],
        balances: [{ balance: '96.00', available: '96.00' }, {}],
      });
  });

  it('posts parts of the legs that are named, in whichever order, and nothing of the others', () => {
    given(...heldWithFee)
      .when(captureTransfer('c', 'hold', { parts: [{ leg: 1, amount: '0.5' }] }))
      .thenEvent('TransferCaptured', {
        parts: [{ leg: 1, amount: '0.50' }],
        legs: [{ leg: 1, ...leg('wallet', 'fees', '0.50') }],
        totals: [totals('10.00', '0.00'), totals('0.50', '0.50')],
        balances: [{ account: 'wallet' }, { account: 'fees' }],
      });
    const parts = [1, 0].map((index) => ({ leg: index, amount: '1.00' }));
    given(...heldWithFee)
      .when(captureTransfer('c', 'hold', { parts, final: true }))
      .thenEvent('TransferCaptured', {
        legs: [{ leg: 0 }, { leg: 1 }],
        released: [{ leg: 0, amount: '9.00' }],
        totals: [totals('0.00', '1.00'), totals('0.00', '1.00')],
      });
  });

  it('works on a transfer that was held in a batch', () => {
    const pending = { expiresAt: null };
    const batch = postBatch('b', [written('x'), written('hold', SALE, { pending })]);
    given(...after(BOOKS, batch))
      .when(captureTransfer('c', 'hold'))
      .thenEvent('TransferCaptured', { totals: [totals('0.00', '10.00')] });
  });

  it('is possible until just before it expires', () => {
    given(...after(BOOKS, holdTransfer('hold', SALE, EVENING)))
      .when(captureTransfer('c', 'hold', { now: '2026-03-01T17:59:59.999Z' }))
      .thenEvent('TransferCaptured', {});
  });
});

describe('a capture does not fit', () => {
  it.each([
    ['an id', { id: 'no id' }, 'INVALID_TRANSFER', 'id'],
    ['parts besides an amount', { amount: '1', parts: [] }, 'INVALID_TRANSFER', 'amount'],
    ['an empty list of parts', { parts: [] }, 'INVALID_TRANSFER', 'parts'],
    ['an amount that is none', { amount: '0' }, 'INVALID_AMOUNT', 'amount'],
    ['too many decimals', { amount: '1.001' }, 'INVALID_AMOUNT', 'amount'],
    ['a leg too many', { parts: [{ leg: 1, amount: '1' }] }, 'INVALID_TRANSFER', 'parts[0].leg'],
    [
      'a part of nothing',
      { parts: [{ leg: 0, amount: '0' }] },
      'INVALID_AMOUNT',
      'parts[0].amount',
    ],
  ] as const)('for %s', (_what, command, code, field) => {
    given(...held)
      .when(captureTransfer('c', 'hold', command))
      .thenRejected(code, field);
  });

  it('for an amount of several legs, or a leg named twice', () => {
    given(...heldWithFee)
      .when(captureTransfer('c', 'hold', { amount: '1' }))
      .thenRejected('INVALID_TRANSFER', 'amount');
    const twice = [1, 1].map((index) => ({ leg: index, amount: '0.10' }));
    given(...heldWithFee)
      .when(captureTransfer('c', 'hold', { parts: twice }))
      .thenRejected('INVALID_TRANSFER', 'parts[1].leg');
  });

  it('without a ledger, or a transfer: neither a batch nor an act is one', () => {
    given().when(captureTransfer('c', 'hold')).thenRejected('LEDGER_NOT_FOUND');
    given(...BOOKS)
      .when(captureTransfer('c', 'hold'))
      .thenRejected('TRANSFER_NOT_FOUND');
    const acts = after(held, postBatch('b', [written('x')]), voidTransfer('v', 'hold'));
    for (const id of ['b', 'v']) {
      given(...acts)
        .when(captureTransfer('c', id))
        .thenRejected('TRANSFER_NOT_FOUND');
    }
  });
});

describe('a capture is refused, for good', () => {
  it.each([
    ['posted', [postTransfer('hold', SALE)]],
    ['posted', [holdTransfer('hold'), captureTransfer('all', 'hold')]],
    [
      'posted',
      [holdTransfer('hold'), captureTransfer('all', 'hold', { amount: '1', final: true })],
    ],
    ['voided', [holdTransfer('hold'), voidTransfer('v', 'hold')]],
    ['refused', [holdTransfer('hold', [leg('wallet', 'shop', '100.01')])]],
    ['posted', [postTransfer('t', SALE), reverseTransfer('hold', 't')]],
  ] as const)('of what is %s: TRANSFER_NOT_PENDING', (state, commands) => {
    given(...after(BOOKS, ...commands))
      .when(captureTransfer('c', 'hold'))
      .thenEvent('CaptureRefused', refused('TRANSFER_NOT_PENDING', { transfer: { state } }));
  });

  it('from the very moment of expiry, whether or not that was recorded: TRANSFER_EXPIRED', () => {
    const seen = { transfer: 'hold', state: 'pending', expiresAt: EVENING, isReversal: false };
    const evidence = { revision: 6, accounts: [], transfer: { ...seen, totals: [{}] } };
    given(...after(BOOKS, holdTransfer('hold', SALE, EVENING)))
      .when(captureTransfer('c', 'hold', { now: EVENING }))
      .thenEvent('CaptureRefused', refused('TRANSFER_EXPIRED', evidence));
    given(...after(BOOKS, holdTransfer('hold', SALE, EVENING), expireTransfer('hold', EVENING)))
      .when(captureTransfer('c', 'hold', { now: EVENING }))
      .thenEvent('CaptureRefused', refused('TRANSFER_EXPIRED', { transfer: { state: 'expired' } }));
  });

  it('when the ledger has recorded later, though the clock is behind: TRANSFER_EXPIRED', () => {
    const late = postTransfer('late', SALE, { now: EVENING });
    given(...after(BOOKS, holdTransfer('hold', SALE, EVENING), late))
      .when(captureTransfer('c', 'hold', { now: NOON }))
      .thenEvent('CaptureRefused', { recordedAt: EVENING, ...refused('TRANSFER_EXPIRED') });
  });

  it('beyond what is held: AMOUNT_EXCEEDS_HELD', () => {
    given(...held)
      .when(captureTransfer('c', 'hold', { amount: '10.01' }))
      .thenEvent('CaptureRefused', {
        parts: [{ leg: 0, amount: '10.01' }],
        ...refused('AMOUNT_EXCEEDS_HELD', { transfer: { totals: [totals('10.00', '0.00')] } }),
      });
    given(...after(heldWithFee, captureTransfer('c', 'hold', { parts: [{ leg: 1, amount: '1' }] })))
      .when(captureTransfer('d', 'hold', { parts: [{ leg: 1, amount: '0.01' }] }))
      .thenEvent('CaptureRefused', refused('AMOUNT_EXCEEDS_HELD'));
  });

  it('when it would count too far from now: EFFECTIVE_AT_OUT_OF_RANGE', () => {
    const rules = { uniqueReferences: false, pastDaysMax: 1, futureDaysMax: 1 };
    const strict = [ledgerOpened({ rules }), ...held.slice(1)];
    const capture = captureTransfer('c', 'hold', { effectiveAt: '2026-02-01T00:00:00.000Z' });
    given(...strict)
      .when(capture)
      .thenEvent('CaptureRefused', refused('EFFECTIVE_AT_OUT_OF_RANGE'));
  });

  it('when it would count in a closed period: PERIOD_CLOSED', () => {
    const capture = captureTransfer('c', 'hold', { effectiveAt: '2026-02-28T23:59:59.999Z' });
    given(...after(held, closePeriod('2026-02-28')))
      .when(capture)
      .thenEvent('CaptureRefused', refused('PERIOD_CLOSED', { closedThrough: '2026-02-28' }));
  });

  it('when an account was frozen in the meantime: ACCOUNT_FROZEN', () => {
    for (const [address, freeze] of [
      ['wallet', 'debits'],
      ['wallet', 'all'],
      ['shop', 'all'],
    ] as const) {
      given(...after(held, accountCommands(address).freeze(freeze)))
        .when(captureTransfer('c', 'hold'))
        .thenEvent(
          'CaptureRefused',
          refused('ACCOUNT_FROZEN', { accounts: [{ account: address }] }),
        );
    }
  });
});

describe('a capture stands', () => {
  it('though the credited account takes no debits any more', () => {
    given(...after(held, accountCommands('shop').freeze('debits')))
      .when(captureTransfer('c', 'hold'))
      .thenEvent('TransferCaptured', {});
  });

  it('though limits were lowered below what is held', () => {
    const spent = postTransfer('t', [leg('wallet', 'cash', '90.00')]);
    const capped = accountCommands('shop').change({ balanceLimit: '1.00' });
    given(...after(held, spent, capped))
      .when(captureTransfer('c', 'hold'))
      .thenEvent('TransferCaptured', { balances: [{ balance: '0.00' }, { balance: '10.00' }] });
  });

  it('though it releases what a frozen account holds: nothing is entered there', () => {
    const parts = [{ leg: 0, amount: '10.00' }];
    given(...after(heldWithFee, accountCommands('fees').freeze('all')))
      .when(captureTransfer('c', 'hold', { parts, final: true }))
      .thenEvent('TransferCaptured', { released: [{ leg: 1, amount: '1.00' }] });
  });
});

describe('a repeated capture', () => {
  const command = captureTransfer('c', 'hold', { amount: '4.0', effectiveAt: MORNING });
  const captured = after(held, command);

  it('leads to what was recorded, success and refusal alike', () => {
    given(...captured)
      .when({ ...command, amount: '4.00', now: EVENING })
      .thenDecidedAt(7);
    given(...captured)
      .when({ ...command, amount: null, parts: [{ leg: 0, amount: '4' }] })
      .thenDecidedAt(7);
    const tooMuch = captureTransfer('d', 'hold', { amount: '11' });
    given(...after(held, tooMuch))
      .when(tooMuch)
      .thenDecidedAt(7);
  });

  it.each([
    ['transfer', { transfer: 'other' }],
    ['amount', { amount: '4.01' }],
    ['parts', { amount: null }],
    ['parts', { amount: null, parts: [] }],
    ['parts', { amount: null, parts: [{ leg: 1, amount: '4.00' }] }],
    ['final', { final: true }],
    ['parts', { parts: [{ leg: 0, amount: '4' }] }],
    ['effectiveAt', { effectiveAt: null }],
    ['description', { description: 'x' }],
    ['metadata.k', { metadata: { k: 'v' } }],
  ])('that differs in %s is told so', (field, change) => {
    given(...captured)
      .when({ ...command, ...change })
      .thenDecidedAt(7, [field]);
  });

  it('under the id of something else differs in its type', () => {
    given(...held)
      .when(captureTransfer('hold', 'hold'))
      .thenDecidedAt(6, ['type']);
    given(...captured)
      .when(postTransfer('c', SALE))
      .thenDecidedAt(7, ['type']);
  });
});
