import { Pace } from './pace.js';

function paceOf(...samples: [atMs: number, done: number][]): Pace {
  const pace = new Pace();
  for (const [atMs, done] of samples) pace.update(atMs, done);
  return pace;
}

describe('the pace of a piece of work', () => {
  it('is not known at its beginning', () => {
    expect(paceOf().perSecond).toBeUndefined();
    expect(paceOf([0, 0]).perSecond).toBeUndefined();
    expect(paceOf([0, 0]).secondsFor(100)).toBeUndefined();
  });

  it('does not count what was done before', () => {
    const pace = paceOf([0, 5_000], [1_000, 5_200]);
    expect(pace.perSecond).toBe(200);
    expect(pace.secondsFor(1_001)).toBe(6);
  });

  it('is that of the last seconds', () => {
    const slowThenFast: [number, number][] = [[0, 0]];
    for (let second = 1; second <= 30; second += 1) {
      slowThenFast.push([second * 1_000, second <= 15 ? second : 15 + (second - 15) * 100]);
    }
    expect(paceOf(...slowThenFast).perSecond).toBe(100);
  });

  it('is known after a long silence, which counts', () => {
    expect(paceOf([0, 0], [60_000, 60]).perSecond).toBe(1);
  });

  it('does not foretell the end of what stands still', () => {
    expect(paceOf([0, 10], [1_000, 10]).secondsFor(5)).toBeUndefined();
  });
});
