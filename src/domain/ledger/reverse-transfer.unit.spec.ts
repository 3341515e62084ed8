import { after, given } from '../../../test/support/given-when-then.js';
import {
  MORNING,
  NOON,
  accountCommands,
  leg,
  postTransfer,
} from '../../../test/support/ledger-factories.js';
import {
  BOOKS,
  EVENING,
  EXCHANGE_BOOKS,
  SALE,
  SALE_WITH_FEE,
  captureTransfer,
  closePeriod,
  exchangeMoney,
  expireTransfer,
  holdTransfer,
  postBatch,
  reverseTransfer,
  voidTransfer,
  written,
} from '../../../test/support/transfer-factories.js';

const sold = after(BOOKS, postTransfer('sale', SALE));
const soldWithFee = after(BOOKS, postTransfer('sale', SALE_WITH_FEE));
const totals = (posted: string, reversed: string, held = '0.00') => ({ held, posted, reversed });
const refused = (code: string, evidence: object = {}) => ({ refusal: { code, evidence } });

describe('reversing a transfer', () => {
  it('swaps the sides of all that was posted, and names the transfer', () => {
    given(...sold)
      .when(reverseTransfer('r', 'sale', { reason: 'returned', description: 'RMA 7' }))
      .then({
        type: 'TransferPosted',
        data: {
          ...{ id: 'r', legs: [leg('shop', 'wallet', '10.00')] },
          ...{ effectiveAt: NOON, recordedAt: NOON, reference: null, description: 'RMA 7' },
          metadata: {},
          reverses: { transfer: 'sale', parts: null, legs: [0], reason: 'returned' },
          totals: [totals('10.00', '10.00')],
          balances: [
            { account: 'shop', currency: 'EUR', version: 3, balance: '0.00', available: '0.00' },
            {
              account: 'wallet',
              currency: 'EUR',
              version: 4,
              balance: '100.00',
              available: '100.00',
            },
          ],
        },
      });
  });

  it('in parts comes to what was posted and no more', () => {
    const third = (id: string, amount = '3.33') => reverseTransfer(id, 'sale', { amount });
    const thrice = after(sold, third('r1'), third('r2'), third('r3'));
    given(...thrice)
      .when(third('r4', '0.01'))
      .thenEvent('TransferPosted', { totals: [totals('10.00', '10.00')] });
    given(...thrice)
      .when(third('r4', '0.02'))
      .thenEvent(
        'TransferRefused',
        refused('AMOUNT_EXCEEDS_POSTED', { transfer: { totals: [totals('10.00', '9.99')] } }),
      );
    given(...thrice)
      .when(reverseTransfer('r4', 'sale'))
      .thenEvent('TransferPosted', { legs: [{ amount: '0.01' }] });
  });

  it('takes the legs that are named, and leaves what was reversed before', () => {
    const fee = reverseTransfer('r', 'sale', { parts: [{ leg: 1, amount: '1' }] });
    given(...soldWithFee)
      .when(fee)
      .thenEvent('TransferPosted', {
        legs: [leg('fees', 'wallet', '1.00')],
        reverses: { parts: [{ leg: 1, amount: '1.00' }], legs: [1] },
        totals: [totals('10.00', '0.00'), totals('1.00', '1.00')],
      });
    given(...after(soldWithFee, fee))
      .when(reverseTransfer('rest', 'sale'))
      .thenEvent('TransferPosted', {
        legs: [leg('shop', 'wallet', '10.00')],
        reverses: { legs: [0] },
      });
  });

  it('takes what was captured while the rest is pending, and leaves that pending', () => {
    const captured = after(
      BOOKS,
      holdTransfer('sale'),
      captureTransfer('c', 'sale', { amount: '4' }),
    );
    given(...captured)
      .when(reverseTransfer('r', 'sale'))
      .thenEvent('TransferPosted', {
        legs: [{ amount: '4.00' }],
        totals: [totals('4.00', '4.00', '6.00')],
      });
    given(...after(captured, reverseTransfer('r', 'sale')))
      .when(captureTransfer('d', 'sale'))
      .thenEvent('TransferCaptured', { totals: [totals('10.00', '4.00')] });
    given(...after(captured, reverseTransfer('r', 'sale'), captureTransfer('d', 'sale')))
      .when(reverseTransfer('s', 'sale'))
      .thenEvent('TransferPosted', { legs: [{ amount: '6.00' }] });
  });

  it('takes what was captured before the rest was voided, or expired', () => {
    const capture = captureTransfer('c', 'sale', { amount: '4' });
    const captured = after(BOOKS, holdTransfer('sale', SALE, EVENING), capture);
    for (const end of [voidTransfer('v', 'sale'), expireTransfer('sale', EVENING)]) {
      given(...after(captured, end))
        .when(reverseTransfer('r', 'sale'))
        .thenEvent('TransferPosted', { legs: [{ amount: '4.00' }] });
    }
  });

  it('takes one that was made in a batch', () => {
    given(...after(BOOKS, postBatch('b', [written('x'), written('sale')])))
      .when(reverseTransfer('r', 'sale'))
      .thenEvent('TransferPosted', { reverses: { transfer: 'sale' } });
  });

  it('of an exchange takes all of its legs, also what rounding left', () => {
    const exchanged = after(
      EXCHANGE_BOOKS,
      exchangeMoney('sale', {
        rounding: { mode: 'down', account: 'fx:rest' },
        rate: '163.29',
      }),
      exchangeMoney('again', {
        rounding: { mode: 'down', account: 'fx:rest' },
        rate: '163.29',
      }),
    );
    given(...exchanged)
      .when(reverseTransfer('r', 'again'))
      .thenEvent('TransferPosted', {
        legs: [
          leg('fx:eur', 'wallet', '10.00'),
          leg('wallet:jpy', 'fx:jpy', '1632', 'JPY'),
          leg('fx:rest', 'fx:jpy', '1', 'JPY'),
        ],
      });
  });

  it('of a transfer with conditions asks them no more', () => {
    const conditions = [{ account: 'wallet', version: 2 }];
    const legs = [{ ...leg('wallet', 'shop', '10.00'), expectedVersions: { debit: 2 } }];
    given(...after(BOOKS, postTransfer('sale', legs, { conditions })))
      .when(reverseTransfer('r', 'sale'))
      .thenEvent('TransferPosted', { legs: [leg('shop', 'wallet', '10.00')] });
  });
});

describe('a reversal is refused, for good', () => {
  it.each([
    ['pending', [holdTransfer('sale')]],
    ['voided', [holdTransfer('sale'), voidTransfer('v', 'sale')]],
    ['refused', [postTransfer('sale', [leg('wallet', 'shop', '100.01')])]],
    ['expired', [holdTransfer('sale', SALE, EVENING), expireTransfer('sale', EVENING)]],
  ] as const)('of what is %s: TRANSFER_NOT_REVERSIBLE', (state, commands) => {
    given(...after(BOOKS, ...commands))
      .when(reverseTransfer('r', 'sale', { amount: '1' }))
      .thenEvent('TransferRefused', {
        legs: [leg('shop', 'wallet', '1.00')],
        ...refused('TRANSFER_NOT_REVERSIBLE', { transfer: { state } }),
      });
  });

  it('of a reversal: TRANSFER_NOT_REVERSIBLE', () => {
    given(...after(sold, reverseTransfer('r', 'sale', { amount: '1' })))
      .when(reverseTransfer('rr', 'r'))
      .thenEvent('TransferRefused', {
        legs: [],
        ...refused('TRANSFER_NOT_REVERSIBLE', { transfer: { isReversal: true } }),
      });
  });

  it('of nothing that is left: AMOUNT_EXCEEDS_POSTED', () => {
    given(...after(sold, reverseTransfer('r', 'sale')))
      .when(reverseTransfer('s', 'sale'))
      .thenEvent('TransferRefused', refused('AMOUNT_EXCEEDS_POSTED'));
  });

  it('by the rules of the accounts: INSUFFICIENT_FUNDS, ACCOUNT_CLOSED', () => {
    const spent = after(sold, postTransfer('t', [leg('shop', 'wallet', '10.00')]));
    given(...spent)
      .when(reverseTransfer('r', 'sale'))
      .thenEvent('TransferRefused', {
        reverses: { transfer: 'sale' },
        ...refused('INSUFFICIENT_FUNDS', { accounts: [{ account: 'shop' }] }),
      });
    given(...after(spent, accountCommands('shop').close()))
      .when(reverseTransfer('r', 'sale'))
      .thenEvent('TransferRefused', refused('ACCOUNT_CLOSED'));
  });

  it('in a closed period: PERIOD_CLOSED', () => {
    given(...after(sold, closePeriod('2026-02-28')))
      .when(reverseTransfer('r', 'sale', { effectiveAt: '2026-02-28T12:00:00.000Z' }))
      .thenEvent('TransferRefused', refused('PERIOD_CLOSED'));
  });

  it('which leaves as much to reverse as before', () => {
    const tooMuch = reverseTransfer('r', 'sale', { amount: '10.01' });
    given(...after(sold, tooMuch))
      .when(reverseTransfer('s', 'sale'))
      .thenEvent('TransferPosted', { legs: [{ amount: '10.00' }] });
  });
});

it('a reversal is turned away without a trace when it does not fit', () => {
  given().when(reverseTransfer('r', 'sale')).thenRejected('LEDGER_NOT_FOUND');
  given(...BOOKS)
    .when(reverseTransfer('r', 'sale'))
    .thenRejected('TRANSFER_NOT_FOUND');
  given(...soldWithFee)
    .when(reverseTransfer('r', 'sale', { amount: '1' }))
    .thenRejected('INVALID_TRANSFER', 'amount');
});

describe('a repeated reversal', () => {
  const command = reverseTransfer('r', 'sale', { amount: '1.0', effectiveAt: MORNING });
  const reversed = after(sold, command);

  it('leads to what was recorded', () => {
    given(...reversed)
      .when({ ...command, amount: '1', now: EVENING })
      .thenDecidedAt(7);
    const refusedOnce = reverseTransfer('s', 'sale', { amount: '11' });
    given(...after(sold, refusedOnce))
      .when(refusedOnce)
      .thenDecidedAt(7);
  });

  it.each([
    ['transfer', { transfer: 'other' }],
    ['amount', { amount: '2' }],
    ['reason', { reason: 'another' }],
    ['effectiveAt', { effectiveAt: NOON }],
    ['description', { description: 'x' }],
    ['metadata.k', { metadata: { k: 'v' } }],
  ])('that differs in %s is told so', (field, change) => {
    given(...reversed)
      .when({ ...command, ...change })
      .thenDecidedAt(7, [field]);
  });

  it('under the id of another transfer differs in its type, and the other way round', () => {
    given(...sold)
      .when(reverseTransfer('sale', 'sale'))
      .thenDecidedAt(6, ['type']);
    given(...reversed)
      .when(postTransfer('r', [leg('shop', 'wallet', '1.00')]))
      .thenDecidedAt(7, ['type']);
    given(...reversed)
      .when(exchangeMoney('r'))
      .thenDecidedAt(7, ['type']);
    given(...reversed)
      .when(voidTransfer('r', 'sale'))
      .thenDecidedAt(7, ['type']);
  });
});
