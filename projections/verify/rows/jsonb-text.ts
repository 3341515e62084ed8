/**
 * A JSON value as Postgres writes it out of a `jsonb` column: shorter keys first, keys of the same length
 * by their bytes, one space after each colon and comma.
 */
export function jsonbText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonbText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.keys(value);
  if (keys.length > 1) keys.sort(byLengthThenBytes);
  const fields = keys.map(
    (key) => `${JSON.stringify(key)}: ${jsonbText((value as Record<string, unknown>)[key])}`,
  );
  return `{${fields.join(', ')}}`;
}

const PLAIN = /^[\u0000-\u007f]*$/;

function byLengthThenBytes(one: string, other: string): number {
  if (PLAIN.test(one) && PLAIN.test(other)) {
    return one.length - other.length || (one < other ? -1 : 1);
  }
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length - second.length || Buffer.compare(first, second);
}
