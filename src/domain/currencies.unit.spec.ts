import { ISO_CURRENCY_SCALES, scaleAmong } from './currencies.js';

describe('the scale of a currency', () => {
  it.each([
    ['JPY', 0],
    ['USD', 2],
    ['KWD', 3],
    ['CLF', 4],
  ])('%s is %d', (code, scale) => {
    expect(scaleAmong([], code)).toBe(scale);
  });

  it('of an asset is what the ledger recorded, also when ISO 4217 takes up its code later', () => {
    expect(scaleAmong([{ code: 'BTC', scale: 8 }], 'BTC')).toBe(8);
    expect(scaleAmong([{ code: 'USD', scale: 6 }], 'USD')).toBe(6);
  });

  it('of a code that nobody knows is unknown', () => {
    expect(scaleAmong([{ code: 'BTC', scale: 8 }], 'DOGE')).toBeUndefined();
  });

  it('is given once for every code', () => {
    for (const code of ISO_CURRENCY_SCALES.keys()) expect(code).toMatch(/^[A-Z]{3}$/);
    expect(ISO_CURRENCY_SCALES.size).toBeGreaterThan(150);
  });
});
