// Amounts as the auditor reads and writes them: with arithmetic of his own, so that a fault of the one the
// books are kept with cannot hide itself.

const AMOUNT = /^-?\d+(?:\.(\d+))?$/;

/** "12.50" at a scale of 2 is 1250n. Throws RangeError unless it is written with exactly its decimals. */
export function unitsOf(text: string, scale: number): bigint {
  const match = AMOUNT.exec(text);
  if (!match || (match[1] ?? '').length !== scale) {
    throw new RangeError(`"${text}" is not an amount with ${scale} decimals`);
  }
  return BigInt(scale === 0 ? text : text.slice(0, -scale - 1) + text.slice(-scale));
}

/** 1250n at a scale of 2 is "12.50". */
export function textOf(units: bigint, scale: number): string {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
