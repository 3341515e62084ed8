// Acts at random on what was decided before.
import fc from 'fast-check';
import { type Part } from '../../src/domain/ledger/transfer-events.js';
import { stateOf, transferOf, written } from './books.js';
import { isOver } from './refusals.js';
import { type Move, type World, amount, freshId, nat, pick, time, timeFrom } from './world.js';

/** Of a transfer, mostly one that can be acted on; some parts of its legs, or all that is left. */
const act = fc
  .record({
    id: freshId,
    target: nat,
    how: nat,
    amounts: fc.array(amount, { maxLength: 3 }),
    stray: nat,
  })
  .map((made) => (world: World, wanted: string) => {
    const { books } = world;
    const fitting = books.transfers.filter((transfer) => stateOf(transfer) === wanted);
    const among = fitting.length > 0 && made.stray % 5 < 4 ? fitting : books.transfers;
    const ids = [
      ...among.map(({ id }) => id),
      ...(made.stray % 20 === 19 ? ['nothing', 'id-1'] : []),
    ];
    const target = ids.length === 0 ? 'nothing' : pick(ids, made.target);
    const legs = transferOf(books, target)?.legs ?? [];
    const parts = made.amounts.map((make, index): Part => {
      const at = made.stray % 30 === 28 ? made.how % 4 : index;
      const left = legs[at] ?? { currency: 'EUR', held: 100n, posted: 0n, reversed: 0n };
      const most = wanted === 'pending' ? left.held : left.posted - left.reversed;
      const exact = made.how % 2 === 0 && most > 0n;
      return { leg: at, amount: exact ? written(most, left.currency) : make(left.currency) };
    });
    const [first] = parts;
    const single = first !== undefined && (legs.length === 1 || made.stray % 30 === 27);
    return {
      ...{ id: made.id(world), transfer: target, now: world.now },
      amount: single ? first.amount : null,
      parts: single || (parts.length === 0 && made.stray % 30 !== 26) ? null : parts,
    };
  });

const told = { description: null, metadata: {} };
export const capture = fc
  .tuple(act, fc.boolean(), time)
  .map(([make, final, effective]): Move => (world) => {
    const effectiveAt = timeFrom(world.now, effective);
    return { type: 'CaptureTransfer', ...make(world, 'pending'), final, effectiveAt, ...told };
  });
export const release = act.map((make): Move => (world) => ({
  ...{ type: 'VoidTransfer', ...make(world, 'pending'), reason: 'asked for' },
}));
export const reverse = fc.tuple(act, time).map(([make, effective]): Move => (world) => {
  const effectiveAt = timeFrom(world.now, effective);
  const reason = 'returned';
  return { type: 'ReverseTransfer', ...make(world, 'posted'), reason, effectiveAt, ...told };
});
export const expire = nat.map((target): Move => ({ books, now }) => {
  const due = books.transfers.filter(
    (transfer) => stateOf(transfer) === 'pending' && isOver(transfer.expiresAt, now),
  );
  const among = due.length > 0 ? due : books.transfers;
  const ids = [...among.map(({ id }) => id), 'nothing'];
  return { type: 'ExpireTransfer', transfer: pick(ids, target), now };
});
