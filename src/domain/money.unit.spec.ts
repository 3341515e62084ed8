import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import {
  AMOUNT_INTEGER_DIGITS_MAX,
  SCALE_MAX,
  formatAmount,
  parseAmount,
  sumOverflows,
  toMinorUnits,
} from './money.js';

const scales = fc.integer({ min: 0, max: SCALE_MAX });
const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${max}}$`));
const amounts = fc.tuple(scales, fc.bigInt({ min: 0n, max: 10n ** 30n - 1n }));

describe('amounts', () => {
  it.each([
    ['12.5', 2, 1250n],
    ['12.50', 2, 1250n],
    ['0', 0, 0n],
    ['7', 0, 7n],
    ['1.234', 3, 1234n],
    ['0.00000001', 8, 1n],
    ['9007199254740993', 2, 900719925474099300n],
  ])('reads %s at scale %d', (text, scale, units) => {
    expect(parseAmount(text, scale)).toBe(units);
  });

  it.each([
    '',
    ' 1',
    '1 ',
    '-1',
    '+1',
    '1e3',
    'NaN',
    'Infinity',
    '.5',
    '5.',
    '01',
    '1,5',
    '0x10',
    '١',
  ])('does not take %j for an amount', (text) => {
    expect(parseAmount(text, 2)).toBe('malformed');
  });

  it('takes 30 digits before the point and no more', () => {
    expect(parseAmount('9'.repeat(AMOUNT_INTEGER_DIGITS_MAX), 2)).toBe(10n ** 32n - 100n);
    expect(parseAmount('9'.repeat(AMOUNT_INTEGER_DIGITS_MAX + 1), 2)).toBe('malformed');
  });

  it('takes no more decimals than the currency has, even zeros', () => {
    expect(parseAmount('1.0', 0)).toBe('too many decimals');
    expect(parseAmount('1.500', 2)).toBe('too many decimals');
  });

  it('writes what it reads, and reads what it writes, exactly', () => {
    fc.assert(
      fc.property(amounts, ([scale, units]) => {
        expect(toMinorUnits(formatAmount(units, scale), scale)).toBe(units);
        expect(toMinorUnits(formatAmount(-units, scale), scale)).toBe(-units);
      }),
    );
  });

  it('agrees with a decimal library', () => {
    const Exact = Decimal.clone({ precision: 100, toExpPos: 100 });
    fc.assert(
      fc.property(digits(20), digits(SCALE_MAX), scales, (whole, fraction, spare) => {
        const text = `${BigInt(whole)}.${fraction}`;
        const scale = Math.min(SCALE_MAX, fraction.length + spare);
        const units = BigInt(new Exact(text).mul(new Exact(10).pow(scale)).toFixed(0));
        expect(parseAmount(text, scale)).toBe(units);
        expect(formatAmount(units, scale)).toBe(new Exact(text).toFixed(scale));
        expect(formatAmount(-units - 1n, scale)).toBe(
          new Exact((-units - 1n).toString()).div(new Exact(10).pow(scale)).toFixed(scale),
        );
      }),
    );
  });

  it('writes sums of any size with exactly the decimals of the currency', () => {
    expect(formatAmount(10n ** 54n + 1n, 18)).toBe(`1${'0'.repeat(36)}.${'0'.repeat(17)}1`);
    expect(formatAmount(-5n, 2)).toBe('-0.05');
    expect(formatAmount(0n, 3)).toBe('0.000');
  });

  it.each(['1.234', 'abc', '1e2', ''])('refuses a damaged recorded amount %j', (text) => {
    expect(() => toMinorUnits(text, 2)).toThrow(RangeError);
  });

  it('knows when a sum has grown beyond what is kept', () => {
    expect(sumOverflows(10n ** 38n - 1n, 2)).toBe(false);
    expect(sumOverflows(10n ** 38n, 2)).toBe(true);
  });

  it('refuses a scale that no ledger keeps', () => {
    expect(() => formatAmount(1n, 19)).toThrow('0 to 18');
  });
});
