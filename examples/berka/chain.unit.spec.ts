import fc from 'fast-check';
import { type BookedRow, orderOfDay } from './chain.js';
import { crownsOf, hellersOf } from './source.js';

const row = (change: bigint, balance: bigint): BookedRow => ({ change, balance });

describe('the order of a day', () => {
  it('is the one in which each balance follows from the one before', () => {
    const rows = [row(-300n, 900n), row(200n, 1200n)];
    expect(orderOfDay(1000n, rows)).toEqual({ closing: 900n, chained: 2, gap: 0n });
  });

  it('is found again however the rows of a real day were shuffled', () => {
    const changes = fc.array(fc.bigInt({ min: -500n, max: 500n }), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 99n }),
        changes,
        fc.infiniteStream(fc.nat()),
        (opening, booked, picks) => {
          let balance = opening;
          const left = booked.map((change) => row(change, (balance += change)));
          const shuffled = booked.flatMap(() =>
            left.splice((picks.next().value as number) % left.length, 1),
          );
          const day = orderOfDay(opening, shuffled);
          expect(day).toMatchObject({ chained: booked.length, gap: 0n });
          // Days that go round in a circle have several orders, which may end elsewhere only with a gap.
          expect(day.closing).toBe(balance);
        },
      ),
    );
  });

  it('with a balance that does not follow has a gap, as small as can be', () => {
    const rows = [row(55n, 1060n), row(-100n, 900n), row(5n, 905n)];
    // 1000 - 100 = 900, + 5 = 905, + 55 = 960: the bank says 1060.
    expect(orderOfDay(1000n, rows)).toEqual({ closing: 1060n, chained: 2, gap: 100n });
  });

  it('of many rows is given in bounded time, chained or not', () => {
    const rows = Array.from({ length: 40 }, (_, index) => row(1n, BigInt(7 * index)));
    expect(orderOfDay(3n, rows).chained).toBeLessThanOrEqual(40);
  });
});

describe('crowns', () => {
  it('are read and written to the heller', () => {
    for (const text of ['0.00', '0.05', '-0.05', '700.00', '-12.50', '177366296.30']) {
      expect(crownsOf(hellersOf(text))).toBe(text);
    }
    expect(hellersOf('-12.50')).toBe(-1250n);
  });

  it.each(['12', '12.5', '1,00', '1e3', ''])('are not "%s"', (text) => {
    expect(() => hellersOf(text)).toThrow('not an amount in crowns');
  });
});
