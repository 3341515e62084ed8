import { settlesWithin, within } from './time-limit.js';

const NEVER = new Promise<never>(() => undefined);
const SOON_MS = 5;
const LATE_MS = 60_000;

describe('within a time limit', () => {
  it('gives what comes in time, good or bad', async () => {
    await expect(within(LATE_MS, Promise.resolve('done'))).resolves.toBe('done');
    await expect(within(LATE_MS, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });

  it('says how long it waited for what does not come', async () => {
    await expect(within(SOON_MS, NEVER)).rejects.toThrow('no answer within 5 ms');
  });

  it('tells the end from the lack of one, whatever the end', async () => {
    await expect(settlesWithin(LATE_MS, Promise.resolve())).resolves.toBe(true);
    await expect(settlesWithin(LATE_MS, Promise.reject(new Error('broken')))).resolves.toBe(true);
    await expect(settlesWithin(SOON_MS, NEVER)).resolves.toBe(false);
  });
});
