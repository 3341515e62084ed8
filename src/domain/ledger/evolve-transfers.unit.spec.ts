// A log about money that contradicts itself stops the fold: each event here is one that was really
// decided, and then changed.
import { after, fold } from '../../../test/support/given-when-then.js';
import { accountCommands, postTransfer } from '../../../test/support/ledger-factories.js';
import {
  BOOKS,
  EVENING,
  SALE,
  captureTransfer,
  expireTransfer,
  holdTransfer,
  postBatch,
  reverseTransfer,
  voidTransfer,
  written,
} from '../../../test/support/transfer-factories.js';
import { InvariantViolation } from '../errors.js';
import { type LedgerCommand } from './decide.js';
import { type LedgerEvent } from './events.js';

const held = after(BOOKS, holdTransfer('t', SALE, EVENING));
const captured = after(held, captureTransfer('c', 't', { amount: '4.00' }));
const sold = after(BOOKS, postTransfer('t', SALE));

/** The event that a command leads to. */
function eventOf(history: readonly LedgerEvent[], command: LedgerCommand): LedgerEvent {
  const event = after(history, command).at(-1);
  if (!event) throw new Error('nothing happened');
  return event;
}
function changed(event: LedgerEvent, change: object): LedgerEvent {
  return { ...event, data: { ...event.data, ...change } } as LedgerEvent;
}
const totals = (held: string, posted: string, reversed: string) => ({
  totals: [{ held, posted, reversed }],
  balances: [],
});

const CAPTURE = eventOf(held, captureTransfer('c', 't'));
const VOID = eventOf(held, voidTransfer('v', 't'));
const EXPIRY = eventOf(held, expireTransfer('t', EVENING));
const REVERSAL = eventOf(sold, reverseTransfer('r', 't'));
const BATCH = eventOf(BOOKS, postBatch('b', [written('x')]));
const REFUSAL = eventOf(sold, captureTransfer('c', 't'));
const wrongBalance = { balances: [{ account: 'shop', version: 3, balance: '1', available: '1' }] };

describe('a log that contradicts itself stops the fold', () => {
  it.each<[string, readonly LedgerEvent[], LedgerEvent, RegExp]>([
    ['a capture of what was never held', BOOKS, CAPTURE, /not pending/],
    ['a capture of what was posted at once', sold, CAPTURE, /not pending/],
    ['a capture after all was voided', [...held, VOID], CAPTURE, /not pending/],
    ['an expiry after all was captured', [...held, CAPTURE], EXPIRY, /not pending/],
    ['a void under an id that was used', held, changed(VOID, { id: 't' }), /decided twice/],
    ['a capture under an id that was used', captured, changed(CAPTURE, { id: 'c' }), /twice/],
    ['a batch under an id that was used', [...BOOKS, BATCH], BATCH, /decided twice/],
    [
      'a batch with an id that was used',
      sold,
      changed(BATCH, { transfers: [written('t')] }),
      /twice/,
    ],
    ['a capture that says nothing of a leg', held, changed(CAPTURE, { totals: [] }), /no totals/],
    ['more released than is held', held, changed(VOID, totals('-0.01', '0', '0')), /more than it/],
    ['a captured sum that is another', held, changed(CAPTURE, wrongBalance), /disagrees/],
    ['a voided sum that is another', held, changed(VOID, wrongBalance), /disagrees/],
    ['an expired sum that is another', held, changed(EXPIRY, wrongBalance), /disagrees/],
    ['a sum of a batch that is another', BOOKS, changed(BATCH, wrongBalance), /disagrees/],
    ['a reversal of what was never decided', BOOKS, REVERSAL, /never decided/],
    [
      'a reversal beyond what was posted',
      captured,
      changed(REVERSAL, totals('6.00', '4.00', '4.01')),
      /beyond what was posted/,
    ],
    ['a refused capture under an id that was used', sold, changed(REFUSAL, { id: 't' }), /twice/],
  ])('%s', (_what, history, event, why) => {
    expect(() => fold([...history, event])).toThrow(InvariantViolation);
    expect(() => fold([...history, event])).toThrow(why);
  });

  it('but not when nothing was changed', () => {
    for (const [history, event] of [
      [held, CAPTURE],
      [held, VOID],
      [held, EXPIRY],
      [sold, REVERSAL],
      [BOOKS, BATCH],
    ] as const) {
      expect(fold([...history, event]).revision).toBe(history.length);
    }
  });

  it('also for a reversal with an account that was closed meanwhile', () => {
    const emptied = after(held, voidTransfer('v', 't'), accountCommands('shop').close());
    expect(() => fold([...emptied, changed(REVERSAL, { balances: [] })])).toThrow(/closed/);
  });
});
