// The time that a transfer counts from, as callers write it.
import { rule } from '../../platform/http/fields.js';

const RFC_3339 =
  /^(\d{4}-\d\d-(\d\d))T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;
const EXPECTED = 'a date and time of RFC 3339 with its offset, such as "2026-01-15T09:30:00Z"';
const YEAR_MAX = 9_999;

export const effectiveAt = rule(EXPECTED, (value) => utcOf(value) !== undefined, {
  type: 'string',
  format: 'date-time',
});

/**
 * The same instant in UTC with milliseconds, finer digits cut off. Undefined when it is not a date and
 * time of RFC 3339: one that the calendar does not have, or outside the years 0001 to 9999.
 */
export function utcOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [, date, day] = RFC_3339.exec(value) ?? [];
  if (date === undefined) return undefined;
  const written = new Date(date);
  // 30 February would become 2 March.
  if (Number.isNaN(written.getTime()) || written.getUTCDate() !== Number(day)) return undefined;
  const utc = new Date(value.toUpperCase());
  const year = utc.getUTCFullYear();
  return year >= 1 && year <= YEAR_MAX ? utc.toISOString() : undefined;
}
