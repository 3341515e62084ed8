// Decimal strings as whole numbers of the smallest unit, and back: the auditor's own arithmetic.

/** Undefined when the text is not a plain decimal with at most `scale` decimals. */
export function unitsOf(text: string, scale: number): bigint | undefined {
  const [, sign = '', whole = '', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === '' || part.length > scale) return undefined;
  return BigInt(sign + '1') * BigInt(whole + part.padEnd(scale, '0'));
}

/** Of what was recorded. Throws when it is damaged. */
export function recordedUnits(text: string, scale: number): bigint {
  const units = unitsOf(text, scale);
  if (units === undefined) throw new RangeError(`"${text}" is no amount with ${scale} decimals`);
  return units;
}

/** With all of its decimals. */
export function textOf(units: bigint, scale: number): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const sign = units < 0n ? '-' : '';
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The same amount with all of its decimals; as it is when it cannot be read. */
export function canonical(text: string, scale: number | undefined): string {
  const units = scale === undefined ? undefined : unitsOf(text, scale);
  return units === undefined || scale === undefined ? text : textOf(units, scale);
}
