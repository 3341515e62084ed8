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
    const ended = books.transfers.filter((transfer) => transfer.end !== 'none');
    const likely = made.stray % 10 === 9 && ended.length > 0 ? ended : fitting;
    const among = likely.length > 0 && made.stray % 5 !== 3 ? likely : books.transfers;
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
      // All of it, or one unit too much.
      const close = made.how % 3 > 0 && most > 0n;
      const units = made.how % 6 < 5 ? most : most + 1n;
      return { leg: at, amount: close ? written(units, left.currency) : make(left.currency) };
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
