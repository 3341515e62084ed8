// Exact amounts. Outside they are decimal strings ("12.50"); inside the fold they are whole numbers of
// the currency's smallest unit (1250n), which makes sums exact and rounding impossible.
// Between the two only the point moves: nothing here rounds, or ever touches a floating-point number.

/** A whole number of the smallest unit of some currency: cents, yen, satoshi. */
export type MinorUnits = bigint;

/** Digits allowed before the decimal point of one amount: amounts stay below 10^30 units. */
export const AMOUNT_INTEGER_DIGITS_MAX = 30;

/** The finest currency a ledger may keep (ether has 18 decimals). */
export const SCALE_MAX = 18;

/** Digits before the point of an account's running sums: far above any amount, still finite. */
export const SUM_INTEGER_DIGITS_MAX = 36;

/** How an amount is written: plain decimal digits, no sign, no exponent, no leading zeros. */
const AMOUNT_PATTERN = new RegExp(
  `^(0|[1-9]\\d{0,${AMOUNT_INTEGER_DIGITS_MAX - 1}})(\\.\\d{1,${SCALE_MAX}})?$`,
);

/** Why a text is not an amount of a currency with this scale. */
export type AmountProblem = 'malformed' | 'too many decimals';

/**
 * Reads an amount such as "12.5" at a scale of 2 as 1250n.
 * Returns the problem instead when it is not plainly written or has more decimals than the scale.
 */
export function parseAmount(text: string, scale: number): MinorUnits | AmountProblem {
  if (!AMOUNT_PATTERN.test(text)) return 'malformed';
  if (decimalsWritten(text) > scale) return 'too many decimals';
  return toWhole(text, scale);
}

const SUM_PATTERN = new RegExp(
  `^-?(0|[1-9]\\d{0,${SUM_INTEGER_DIGITS_MAX - 1}})(\\.\\d{1,${SCALE_MAX}})?$`,
);

/** The same for what a balance may be compared with, which may be below zero. */
export function parseSum(text: string, scale: number): MinorUnits | AmountProblem {
  if (!SUM_PATTERN.test(text)) return 'malformed';
  if (decimalsWritten(text) > scale) return 'too many decimals';
  return toWhole(text, scale);
}

const RECORDED_AMOUNT = /^-?\d+(\.\d+)?$/;

/** Reads an amount that was already accepted once, from a recorded event. Throws when it is damaged. */
export function toMinorUnits(text: string, scale: number): MinorUnits {
  if (!RECORDED_AMOUNT.test(text) || decimalsWritten(text) > scale) {
    throw new RangeError(`"${text}" is not an amount with at most ${scale} decimals`);
  }
  return toWhole(text, scale);
}

/** Writes minor units as a decimal string with exactly `scale` decimals: 1250n at 2 is "12.50". */
export function formatAmount(units: MinorUnits, scale: number): string {
  assertScale(scale);
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString();
  if (scale === 0) return sign + digits;
  const padded = digits.padStart(scale + 1, '0');
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** By scale: the first sum that does not fit any more. */
const SUM_LIMITS = Array.from(
  { length: SCALE_MAX + 1 },
  (_, scale) => 10n ** BigInt(SUM_INTEGER_DIGITS_MAX + scale),
);

/** Whether a running sum still fits; beyond it the transfer that would cause it is refused. */
export function sumOverflows(units: MinorUnits, scale: number): boolean {
  assertScale(scale);
  const limit = SUM_LIMITS[scale];
  return limit === undefined || units >= limit;
}

/** Whether two texts are the same amount, however many decimals they are written with. */
export function sameAmount(one: string, other: string): boolean {
  const [first, second] = [parseAmount(one, SCALE_MAX), parseAmount(other, SCALE_MAX)];
  return typeof first === 'bigint' ? first === second : one === other;
}

/** The text has at most `scale` decimals. */
function toWhole(text: string, scale: number): MinorUnits {
  assertScale(scale);
  const missing = scale - decimalsWritten(text);
  return BigInt(text.replace('.', '') + '0'.repeat(missing));
}

function decimalsWritten(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

function assertScale(scale: number): void {
  if (Number.isInteger(scale) && scale >= 0 && scale <= SCALE_MAX) return;
  throw new RangeError(`A scale is a whole number from 0 to ${SCALE_MAX}, not ${scale}`);
}
