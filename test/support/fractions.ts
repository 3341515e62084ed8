// Arithmetic on fractions of whole numbers: exact, and as plain as can be, to check the real one by.

/** top / bottom; bottom is above zero. */
export interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}

export const NOTHING: Fraction = { top: 0n, bottom: 1n };

/** Reads a decimal string, `-12.50`. */
export function fraction(written: string): Fraction {
  const [whole = '', decimals = ''] = written.split('.');
  return { top: BigInt(whole + decimals), bottom: 10n ** BigInt(decimals.length) };
}

/** Writes whole units with exactly so many decimals: -1250 with 2 is `-12.50`. */
export function decimal(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  const fractional = decimals === 0 ? '' : `.${digits.slice(point)}`;
  return `${units < 0n ? '-' : ''}${digits.slice(0, point)}${fractional}`;
}

export const plus = (a: Fraction, b: Fraction): Fraction => ({
  top: a.top * b.bottom + b.top * a.bottom,
  bottom: a.bottom * b.bottom,
});
export const times = (a: Fraction, b: Fraction): Fraction => ({
  top: a.top * b.top,
  bottom: a.bottom * b.bottom,
});
export const minus = (a: Fraction, b: Fraction) => plus(a, { top: -b.top, bottom: b.bottom });
/** `b` is above zero. */
export const over = (a: Fraction, b: Fraction) => times(a, { top: b.bottom, bottom: b.top });
export const equal = (a: Fraction, b: Fraction) => a.top * b.bottom === b.top * a.bottom;

const ROUNDS_UP: Record<string, (rest: bigint, bottom: bigint, whole: bigint) => boolean> = {
  'half-even': (rest, bottom, whole) =>
    2n * rest > bottom || (2n * rest === bottom && whole % 2n === 1n),
  'half-up': (rest, bottom) => 2n * rest >= bottom,
  'half-down': (rest, bottom) => 2n * rest > bottom,
  up: (rest) => rest > 0n,
  down: () => false,
};

/** A fraction that is not below zero, in whole units of `decimals` decimals. */
export function rounded({ top, bottom }: Fraction, decimals: number, mode: string): bigint {
  const shifted = top * 10n ** BigInt(decimals);
  const whole = shifted / bottom;
  const up = ROUNDS_UP[mode];
  if (!up) throw new Error(`${mode} is no way to round`);
  return up(shifted % bottom, bottom, whole) ? whole + 1n : whole;
}
