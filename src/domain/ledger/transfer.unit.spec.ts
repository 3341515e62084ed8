// What a transfer is after each act, told by the log: by the event that decided it and the last act on it.
import { after, fold } from '../../../test/support/given-when-then.js';
import { leg, postTransfer } from '../../../test/support/ledger-factories.js';
import {
  BOOKS,
  EVENING,
  SALE,
  SALE_WITH_FEE,
  captureTransfer,
  expireTransfer,
  holdTransfer,
  postBatch,
  reverseTransfer,
  voidTransfer,
  written,
} from '../../../test/support/transfer-factories.js';
import { type LedgerCommand, decide } from './decide.js';
import { evolve } from './evolve.js';
import { transferToRecall } from './recall.js';
import { layerOver } from './state.js';
import { TRANSFER_STATES, transferFrom } from './transfer.js';

/** The transfer `t` as it is read again from the log. */
function recalled(...commands: readonly LedgerCommand[]) {
  const history = after(BOOKS, ...commands);
  const state = fold(history);
  const [decidedAt, actedAt] = [state.decidedAt.get('t') ?? -1, state.actedAt.get('t')];
  const decided = history[decidedAt];
  if (!decided) throw new Error('t was never decided');
  return transferFrom('t', decided, actedAt === undefined ? undefined : history[actedAt]);
}
const hold = holdTransfer('t', SALE_WITH_FEE, EVENING);
const part = captureTransfer('c', 't', { parts: [{ leg: 1, amount: '0.50' }] });

const STORIES = [
  ['posted', [postTransfer('t', SALE)]],
  ['pending', [hold]],
  ['pending', [hold, part]],
  ['posted', [hold, part, voidTransfer('v', 't')]],
  ['posted', [hold, part, expireTransfer('t', EVENING)]],
  ['posted', [hold, captureTransfer('c', 't')]],
  ['pending', [hold, part, reverseTransfer('r', 't')]],
  ['voided', [hold, voidTransfer('v', 't')]],
  ['expired', [hold, expireTransfer('t', EVENING)]],
  [
    'expired',
    [
      hold,
      voidTransfer('v', 't', { parts: [{ leg: 1, amount: '1' }] }),
      expireTransfer('t', EVENING),
    ],
  ],
  ['refused', [postTransfer('t', [leg('wallet', 'shop', '100.01')])]],
  ['posted', [postTransfer('t', SALE), reverseTransfer('r', 't')]],
  ['posted', [postBatch('b', [written('x'), written('t')])]],
  ['pending', [postBatch('b', [written('t', SALE, { pending: { expiresAt: null } })])]],
] as const;

describe('a transfer', () => {
  it.each(STORIES)('is %s', (state, commands) => {
    expect(recalled(...commands)).toMatchObject({ id: 't', state });
  });

  it('has no other states', () => {
    expect(new Set(STORIES.map(([state]) => state))).toEqual(new Set(TRANSFER_STATES));
  });

  it('is as the fold has it, while that remembers it', () => {
    const commands = [hold, part, reverseTransfer('r', 't')];
    expect(recalled(...commands)).toEqual(fold(after(BOOKS, ...commands)).transfers.get('t'));
  });

  it('has the totals of all legs, with the decimals of their currency', () => {
    expect(recalled(hold, part, reverseTransfer('r', 't'))?.totals).toEqual([
      { held: '10.00', posted: '0.00', reversed: '0.00' },
      { held: '0.50', posted: '0.50', reversed: '0.50' },
    ]);
  });

  it('is not a batch, an act, nor one of a batch that was refused', () => {
    const refused = postBatch('b', [written('t'), written('u', [leg('wallet', 'shop', '100')])]);
    const [event] = after(BOOKS, refused).slice(-1);
    if (!event) throw new Error('nothing happened');
    for (const id of ['b', 't']) expect(transferFrom(id, event, undefined)).toBeUndefined();
    expect(transferFrom('c', after(BOOKS, hold, part).at(-1) ?? event, undefined)).toBeUndefined();
  });
});

describe('a transfer is read again', () => {
  const reverse = reverseTransfer('r', 't');

  it('when it is acted on and not pending', () => {
    const state = fold(after(BOOKS, hold, part, voidTransfer('v', 't')));
    expect(transferToRecall(state, reverse)).toEqual({ id: 't', decidedAt: 6, actedAt: 8 });
    expect(transferToRecall(state, captureTransfer('d', 't'))).toMatchObject({ id: 't' });
    expect(transferToRecall(state, voidTransfer('w', 't'))).toMatchObject({ id: 't' });
  });

  it('but not when it is pending, was never decided, or is not acted on', () => {
    expect(transferToRecall(fold(after(BOOKS, hold)), reverse)).toBeUndefined();
    expect(transferToRecall(fold(BOOKS), reverse)).toBeUndefined();
    expect(transferToRecall(fold(after(BOOKS, hold)), postTransfer('t', SALE))).toBeUndefined();
  });
});

it('a transfer refused just now is told from one that never was, before it is stored', () => {
  const layer = layerOver(fold(BOOKS));
  const refused = decide(layer, postTransfer('t', [leg('wallet', 'shop', '100.01')]));
  if (refused.kind !== 'event') throw new Error('a refusal is recorded');
  evolve(layer, refused.event);
  const seen = { refusal: { code: 'TRANSFER_NOT_PENDING' } };
  expect(decide(layer, captureTransfer('c', 't'))).toMatchObject({
    event: { type: 'CaptureRefused', data: seen },
  });
});
