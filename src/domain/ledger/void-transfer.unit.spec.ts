import { after, given } from '../../../test/support/given-when-then.js';
import {
  NOON,
  accountCommands,
  leg,
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
  voidTransfer,
} from '../../../test/support/transfer-factories.js';

const held = after(BOOKS, holdTransfer('hold'));
const expiring = after(BOOKS, holdTransfer('hold', SALE, EVENING));
const totals = (held: string, posted: string) => ({ held, posted, reversed: '0.00' });
const refused = (code: string, evidence: object = {}) => ({ refusal: { code, evidence } });

describe('voiding a pending transfer', () => {
  it('releases all that is held, and says why', () => {
    given(...held)
      .when(voidTransfer('v', 'hold', { reason: 'out of stock' }))
      .then({
        type: 'TransferVoided',
        data: {
          ...{ id: 'v', transfer: 'hold', parts: null, reason: 'out of stock', recordedAt: NOON },
          released: [{ leg: 0, ...leg('wallet', 'shop', '10.00') }],
          totals: [totals('0.00', '0.00')],
          balances: [
            {
              account: 'wallet',
              currency: 'EUR',
              version: 4,
              balance: '100.00',
              available: '100.00',
            },
            { account: 'shop', currency: 'EUR', version: 3, balance: '0.00', available: '0.00' },
          ],
        },
      });
  });

  it('releases a part; the rest stays pending', () => {
    given(...held)
      .when(voidTransfer('v', 'hold', { amount: '4' }))
      .thenEvent('TransferVoided', {
        parts: [{ leg: 0, amount: '4.00' }],
        released: [{ amount: '4.00' }],
        totals: [totals('6.00', '0.00')],
      });
    given(...after(held, voidTransfer('v', 'hold', { amount: '4' })))
      .when(captureTransfer('c', 'hold'))
      .thenEvent('TransferCaptured', { totals: [totals('0.00', '6.00')] });
  });

  it('after a part was captured leaves that part posted', () => {
    const captured = after(held, captureTransfer('c', 'hold', { amount: '1' }));
    given(...captured)
      .when(voidTransfer('v', 'hold'))
      .thenEvent('TransferVoided', { totals: [totals('0.00', '1.00')] });
    given(...after(captured, voidTransfer('v', 'hold')))
      .when(voidTransfer('w', 'hold'))
      .thenEvent('VoidRefused', refused('TRANSFER_NOT_PENDING', { transfer: { state: 'posted' } }));
  });

  it('stands though accounts are frozen and periods closed: nothing moves', () => {
    const frozen = ['wallet', 'shop'].map((address) => accountCommands(address).freeze('all'));
    given(...after(held, ...frozen, closePeriod('2026-02-28')))
      .when(voidTransfer('v', 'hold'))
      .thenEvent('TransferVoided', {});
  });
});

describe('a void is refused, for good', () => {
  it.each([
    ['posted', [postTransfer('hold', SALE)]],
    ['voided', [holdTransfer('hold'), voidTransfer('first', 'hold')]],
    ['refused', [holdTransfer('hold', [leg('wallet', 'shop', '100.01')])]],
  ] as const)('of what is %s: TRANSFER_NOT_PENDING', (state, commands) => {
    given(...after(BOOKS, ...commands))
      .when(voidTransfer('v', 'hold'))
      .thenEvent('VoidRefused', refused('TRANSFER_NOT_PENDING', { transfer: { state } }));
  });

  it('from the moment of expiry: TRANSFER_EXPIRED', () => {
    given(...expiring)
      .when(voidTransfer('v', 'hold', { now: EVENING }))
      .thenEvent('VoidRefused', refused('TRANSFER_EXPIRED'));
    given(...after(BOOKS, holdTransfer('hold', SALE, EVENING), expireTransfer('hold', EVENING)))
      .when(voidTransfer('v', 'hold', { now: EVENING }))
      .thenEvent('VoidRefused', refused('TRANSFER_EXPIRED', { transfer: { state: 'expired' } }));
  });

  it('beyond what is held: AMOUNT_EXCEEDS_HELD', () => {
    given(...held)
      .when(voidTransfer('v', 'hold', { amount: '10.01' }))
      .thenEvent('VoidRefused', refused('AMOUNT_EXCEEDS_HELD', { transfer: { transfer: 'hold' } }));
  });

  it('and turned away without a trace when it does not fit', () => {
    given().when(voidTransfer('v', 'hold')).thenRejected('LEDGER_NOT_FOUND');
    given(...BOOKS)
      .when(voidTransfer('v', 'hold'))
      .thenRejected('TRANSFER_NOT_FOUND');
    given(...held)
      .when(voidTransfer('v', 'hold', { amount: '-1' }))
      .thenRejected('INVALID_AMOUNT', 'amount');
  });
});

describe('a repeated void', () => {
  const command = voidTransfer('v', 'hold', { parts: [{ leg: 0, amount: '1' }] });

  it('leads to what was recorded, and names what differs', () => {
    const voided = after(held, command);
    given(...voided)
      .when({ ...command, now: EVENING })
      .thenDecidedAt(7);
    given(...voided)
      .when({ ...command, reason: 'another', parts: null })
      .thenDecidedAt(7, ['parts', 'reason']);
    given(...voided)
      .when({ ...command, transfer: 'other' })
      .thenDecidedAt(7, ['transfer']);
    given(...voided)
      .when(captureTransfer('v', 'hold'))
      .thenDecidedAt(7, ['type']);
  });

  it('is refused again as it was', () => {
    given(...after(held, voidTransfer('v', 'hold'), voidTransfer('w', 'hold')))
      .when(voidTransfer('w', 'hold'))
      .thenDecidedAt(8);
  });
});

describe('a pending transfer expires', () => {
  it('at its time, with what it still held', () => {
    given(...after(expiring, captureTransfer('c', 'hold', { amount: '4' })))
      .when(expireTransfer('hold', EVENING))
      .then({
        type: 'TransferExpired',
        data: {
          ...{ transfer: 'hold', expiresAt: EVENING, recordedAt: EVENING },
          released: [{ leg: 0, ...leg('wallet', 'shop', '6.00') }],
          totals: [totals('0.00', '4.00')],
          balances: [
            {
              account: 'wallet',
              currency: 'EUR',
              version: 5,
              balance: '96.00',
              available: '96.00',
            },
            { account: 'shop', currency: 'EUR', version: 4, balance: '4.00', available: '4.00' },
          ],
        },
      });
  });

  it('also when an account is frozen by then', () => {
    given(...after(expiring, accountCommands('wallet').freeze('all')))
      .when(expireTransfer('hold', EVENING))
      .thenEvent('TransferExpired', {});
  });

  it('with only the legs that still held anything', () => {
    const hold = holdTransfer('hold', SALE_WITH_FEE, EVENING);
    const capture = captureTransfer('c', 'hold', { parts: [{ leg: 0, amount: '10' }] });
    given(...after(BOOKS, hold, capture))
      .when(expireTransfer('hold', EVENING))
      .thenEvent('TransferExpired', { released: [{ leg: 1, amount: '1.00' }] });
  });

  it.each([
    ['before its time', expiring, '2026-03-01T17:59:59.999Z'],
    ['when it has no end', held, EVENING],
    ['when it was voided', after(expiring, voidTransfer('v', 'hold')), EVENING],
    ['a second time', after(expiring, expireTransfer('hold', EVENING)), EVENING],
    ['when there is no such transfer', BOOKS, EVENING],
  ])('but not %s', (_what, history, now) => {
    given(...history)
      .when(expireTransfer('hold', now))
      .thenUnchanged();
  });

  it('only in a ledger', () => {
    given().when(expireTransfer('hold', EVENING)).thenRejected('LEDGER_NOT_FOUND');
  });
});
