import { timeoutOf } from './deadline.js';

describe('how long a caller waits', () => {
  it.each([
    ['5S', 5_000],
    ['250m', 250],
    ['2M', 120_000],
    ['1H', 3_600_000],
    ['99999999H', 2 ** 31 - 1],
  ])('%s is %d ms', (header, ms) => expect(timeoutOf(header)).toBe(ms));

  it.each(['', 'soon', '5', '123456789S', '-1S'])('%p is no time', (header) =>
    expect(timeoutOf(header)).toBeUndefined(),
  );
});
