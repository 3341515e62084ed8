import { backoff, backoffDelayMs } from './backoff.js';

const BOUNDS = { baseMs: 100, maxMs: 10_000 };

describe('the wait before another attempt', () => {
  it('doubles with every failure until it reaches its bound', () => {
    const waits = [1, 2, 3, 7, 8, 9].map((failures) => backoffDelayMs(failures, BOUNDS, 1));
    expect(waits).toEqual([100, 200, 400, 6_400, 10_000, 10_000]);
  });

  it('stays within its bound after any number of failures', () => {
    expect(backoffDelayMs(100_000, BOUNDS, 1)).toBe(10_000);
  });

  it('is spread over the upper half', () => {
    expect(backoffDelayMs(1, BOUNDS, 0)).toBe(50);
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const wait = backoffDelayMs(3, BOUNDS);
      expect(wait).toBeGreaterThanOrEqual(200);
      expect(wait).toBeLessThanOrEqual(400);
    }
  });

  it('takes a first attempt like a first failure', () => {
    expect(backoffDelayMs(0, BOUNDS, 1)).toBe(100);
  });

  it('ends without an error once it is aborted', async () => {
    const abort = new AbortController();
    const waiting = backoff(1, { baseMs: 60_000, maxMs: 60_000 }, abort.signal);
    abort.abort();
    await expect(waiting).resolves.toBeUndefined();
  });
});
