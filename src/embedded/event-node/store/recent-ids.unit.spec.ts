import { createRecentIds } from './recent-ids.js';

const KEPT = 65_536;

describe('ids of recently committed events', () => {
  it('are kept up to a number, and the oldest is forgotten first', () => {
    const recent = createRecentIds();
    const known = (...numbers: number[]) => numbers.map((n) => recent.revisionOf(1, `id ${n}`));
    for (let n = 0; n < KEPT; n += 1) recent.remember(1, `id ${n}`, n);
    expect(known(0, 1, KEPT - 1)).toEqual([0, 1, KEPT - 1]);
    for (let n = KEPT; n < 2.5 * KEPT; n += 1) recent.remember(1, `id ${n}`, n);
    const first = 1.5 * KEPT;
    expect(known(first - 1, first, 2 * KEPT)).toEqual([undefined, first, 2 * KEPT]);
  });

  it('belong to the stream that used them first', () => {
    const recent = createRecentIds();
    recent.remember(1, 'id', 7);
    recent.remember(2, 'id', 3);
    expect(recent.revisionOf(1, 'id')).toBe(7);
    expect(recent.revisionOf(2, 'id')).toBeUndefined();
  });
});
