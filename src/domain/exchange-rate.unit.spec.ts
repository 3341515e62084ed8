// Conversions against arithmetic on fractions of whole numbers.
import fc from 'fast-check';
import {
  NOTHING,
  decimal,
  equal,
  fraction,
  minus,
  over,
  plus,
  rounded,
  times,
} from '../../test/support/fractions.js';
import {
  type Conversion,
  type ConversionRequest,
  RATE_INTEGER_DIGITS_MAX,
  ROUNDING_MODES,
  convert,
  isRate,
} from './exchange-rate.js';
import { AMOUNT_INTEGER_DIGITS_MAX, SCALE_MAX } from './money.js';

function expectedOf(request: ConversionRequest): Pick<Conversion, 'sell' | 'buy'> {
  const { given, amount, mode, sellScale, buyScale } = request;
  const [one, rate] = [fraction(amount), fraction(request.rate)];
  return given === 'sell'
    ? { sell: amount, buy: decimal(rounded(times(one, rate), buyScale, mode), buyScale) }
    : { sell: decimal(rounded(over(one, rate), sellScale, mode), sellScale), buy: amount };
}

const scale = fc.integer({ min: 0, max: SCALE_MAX });
const most = (digits: number, decimals: number) => 10n ** BigInt(digits + decimals) - 1n;
/** Amounts of every size, the largest as well. */
const amountAt = (decimals: number) =>
  fc
    .oneof(
      fc.bigInt({ min: 1n, max: 1000n }),
      fc.bigInt({ min: 1n, max: most(AMOUNT_INTEGER_DIGITS_MAX, decimals) }),
      fc.constant(most(AMOUNT_INTEGER_DIGITS_MAX, decimals)),
    )
    .map((units) => decimal(units, decimals));
const rate = fc
  .oneof(
    fc.tuple(fc.bigInt({ min: 1n, max: 4000n }), fc.integer({ min: 0, max: 4 })),
    scale.chain((decimals) =>
      fc.tuple(
        fc.bigInt({ min: 1n, max: most(RATE_INTEGER_DIGITS_MAX, decimals) }),
        fc.constant(decimals),
      ),
    ),
    fc.constantFrom<[bigint, number]>(
      [1n, SCALE_MAX],
      [most(RATE_INTEGER_DIGITS_MAX, SCALE_MAX), SCALE_MAX],
    ),
  )
  .map(([units, decimals]) => decimal(units, decimals));

const request: fc.Arbitrary<ConversionRequest> = fc
  .record({
    given: fc.constantFrom('sell' as const, 'buy' as const),
    mode: fc.constantFrom(...ROUNDING_MODES),
    sellScale: scale,
    buyScale: scale,
  })
  .chain((how) =>
    fc.record({
      ...Object.fromEntries(Object.entries(how).map(([key, value]) => [key, fc.constant(value)])),
      amount: amountAt(how.given === 'sell' ? how.sellScale : how.buyScale),
      rate,
      // Below one smallest unit of what is bought, on either side of nothing.
      carriedBefore: fc
        .bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n })
        .map((units) => decimal(units, how.buyScale + 18)),
    }),
  )
  .map((made) => made as ConversionRequest);

describe('a conversion', () => {
  it('comes to what fractions come to, in every mode and at every scale', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const { sell, buy } = convert(asked);
        expect({ sell, buy }).toEqual(expectedOf(asked));
      }),
      { numRuns: 2000 },
    );
  });

  it('loses nothing: sell times rate is what is bought and what is left', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const { sell, buy, exact, posted, carried } = convert(asked);
        const left = minus(times(fraction(sell), fraction(asked.rate)), fraction(buy));
        expect(equal(fraction(exact), left)).toBe(true);
        const kept = plus(fraction(posted), fraction(carried));
        expect(equal(kept, plus(left, fraction(asked.carriedBefore)))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('posts whole smallest units, and carries less than one, on the same side of nothing', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const { posted, carried } = convert(asked);
        const unit = 10n ** BigInt(asked.buyScale);
        const whole = fraction(posted);
        expect((whole.top * unit) % whole.bottom).toBe(0n);
        const rest = fraction(carried);
        const size = rest.top < 0n ? -rest.top : rest.top;
        expect(size * unit < rest.bottom).toBe(true);
        expect(whole.top * rest.top >= 0n).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('after conversion leaves as much in all as was posted and is still carried', () => {
    const many = fc.tuple(scale, scale).chain(([sellScale, buyScale]) =>
      fc.array(
        request.map((asked) => ({ ...asked, given: 'sell' as const, sellScale, buyScale })),
        { maxLength: 20 },
      ),
    );
    fc.assert(
      fc.property(many, (requests) => {
        let [left, posted, carried] = [NOTHING, NOTHING, '0'];
        for (const asked of requests) {
          const amount = asked.amount.split('.', 1).join('');
          if (!/[1-9]/.test(amount)) continue;
          const converted = convert({ ...asked, amount, carriedBefore: carried });
          left = plus(left, fraction(converted.exact));
          posted = plus(posted, fraction(converted.posted));
          carried = converted.carried;
        }
        expect(equal(left, plus(posted, fraction(carried)))).toBe(true);
      }),
    );
  });

  // 0.5 yen is a tie, 1.5 is one on the other side of even; so is half of what is sold.
  it.each([
    ['half-even', ['0', '2', '2'], '0.50'],
    ['half-up', ['1', '2', '3'], '0.51'],
    ['half-down', ['0', '1', '2'], '0.50'],
    ['up', ['1', '2', '3'], '0.51'],
    ['down', ['0', '1', '2'], '0.50'],
  ] as const)('rounds ties %s', (mode, bought, sold) => {
    const common = { mode, sellScale: 2, buyScale: 0, carriedBefore: '0' };
    const buys = ['1.00', '3.00', '5.00'].map(
      (amount) => convert({ given: 'sell', amount, rate: '0.5', ...common }).buy,
    );
    expect(buys).toEqual(bought);
    const { sell } = convert({ given: 'buy', amount: '101', rate: '200', ...common });
    expect(sell).toBe(sold);
  });

  it('is never taken for a tie for being very near one', () => {
    // A third of a smallest unit, less and more than a half by one part in 10^35.
    const common = { given: 'sell', sellScale: 18, buyScale: 0, carriedBefore: '0' } as const;
    const below = { amount: '0.499999999999999999', rate: '1', mode: 'half-up' } as const;
    const above = { amount: '0.500000000000000001', rate: '1', mode: 'half-down' } as const;
    expect(convert({ ...common, ...below }).buy).toBe('0');
    expect(convert({ ...common, ...above }).buy).toBe('1');
  });
});

describe('a rate', () => {
  it.each(['1', '0.5', '1.0857', '0.000000000000000001', '9'.repeat(RATE_INTEGER_DIGITS_MAX)])(
    'is %s',
    (written) => {
      expect(isRate(written)).toBe(true);
    },
  );

  it.each([
    ...['', '0', '0.0', '-1', '+1', '1e3', '01', '1.', '.5', '1,5', ' 1', 'NaN', 'Infinity'],
    ...[`0.${'0'.repeat(SCALE_MAX)}1`, `1${'0'.repeat(RATE_INTEGER_DIGITS_MAX)}`],
  ])('is not %j', (written) => {
    expect(isRate(written)).toBe(false);
  });
});
