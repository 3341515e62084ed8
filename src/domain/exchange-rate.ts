// Converting an amount at a rate: exact arithmetic, one rounding, whose mode is named, and what the
// rounding leaves.
import { Decimal } from 'decimal.js';
import { SCALE_MAX } from './money.js';

/** How the computed amount is brought to the decimals of its currency; amounts are above zero. */
export const ROUNDING_MODES = ['half-even', 'half-up', 'half-down', 'up', 'down'] as const;
export type RoundingMode = (typeof ROUNDING_MODES)[number];

const DECIMAL_MODES: Record<RoundingMode, Decimal.Rounding> = {
  'half-even': Decimal.ROUND_HALF_EVEN,
  'half-up': Decimal.ROUND_HALF_UP,
  'half-down': Decimal.ROUND_HALF_DOWN,
  up: Decimal.ROUND_UP,
  down: Decimal.ROUND_DOWN,
};

export const RATE_INTEGER_DIGITS_MAX = 18;
const RATE_PATTERN = new RegExp(
  `^(0|[1-9]\\d{0,${RATE_INTEGER_DIGITS_MAX - 1}})(\\.\\d{1,${SCALE_MAX}})?$`,
);

// Products of amounts and rates have at most 84 digits. A quotient that is not a tie differs from one
// within far fewer digits than these, so that cutting it off never changes how it is rounded.
const ExactDecimal = Decimal.clone({ precision: 200, toExpPos: 200, toExpNeg: -200 });

/** Whether this is a rate: a decimal string greater than zero. */
export function isRate(text: string): boolean {
  return RATE_PATTERN.test(text) && !new ExactDecimal(text).isZero();
}

export interface ConversionRequest {
  readonly given: 'sell' | 'buy';
  /** The amount given, in its currency. */
  readonly amount: string;
  /** Units bought for one unit sold. */
  readonly rate: string;
  readonly mode: RoundingMode;
  /** Decimals of the two currencies. */
  readonly sellScale: number;
  readonly buyScale: number;
  /** What earlier roundings left and was not posted yet, in units of the bought currency. */
  readonly carriedBefore: string;
}

export interface Conversion {
  readonly sell: string;
  readonly buy: string;
  /** sell times rate less buy. */
  readonly exact: string;
  /** What can be posted of `carriedBefore` and `exact`: whole smallest units, cut off towards zero. */
  readonly posted: string;
  readonly carried: string;
  /** Whether rounding leaves as much as is bought, or more. */
  readonly outweighed: boolean;
}

/** The amount not given is rounded in the mode to the decimals of its currency. */
export function convert(request: ConversionRequest): Conversion {
  const { given, mode, sellScale, buyScale } = request;
  const rate = new ExactDecimal(request.rate);
  const amount = new ExactDecimal(request.amount);
  const rounded = (value: Decimal, scale: number) =>
    value.toDecimalPlaces(scale, DECIMAL_MODES[mode]);
  const sell = given === 'sell' ? amount : rounded(amount.div(rate), sellScale);
  const buy = given === 'buy' ? amount : rounded(amount.mul(rate), buyScale);
  const exact = sell.mul(rate).minus(buy);
  const left = exact.plus(request.carriedBefore);
  const posted = left.toDecimalPlaces(buyScale, Decimal.ROUND_DOWN);
  return {
    sell: sell.toFixed(sellScale),
    buy: buy.toFixed(buyScale),
    exact: plain(exact),
    posted: plain(posted),
    carried: plain(left.minus(posted)),
    outweighed: exact.abs().gte(buy),
  };
}

/** Without needless zeros, and without a sign where there is nothing. */
function plain(value: Decimal): string {
  return value.isZero() ? '0' : value.toFixed();
}
