// The time that a transfer counts from, as callers write it.
import { rule } from '../../platform/http/fields.js';

const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d{1,9})?([Zz]|[+-](\d\d):(\d\d))$/;
const EXPECTED = 'a date and time of RFC 3339 with its offset, such as "2026-01-15T09:30:00Z"';
const TIME_LENGTH = '2026-01-15T09:30:00.000Z'.length;

export const effectiveAt = rule(EXPECTED, (value) => utcOf(value) !== undefined, {
  type: 'string',
  format: 'date-time',
});

/**
 * The same instant in UTC with milliseconds, finer digits cut off. Undefined when it is not a date and
 * time of RFC 3339: one that the calendar does not have, or outside the years 0001 to 9999.
 */
export function utcOf(value: unknown): string | undefined {
  const parts = typeof value === 'string' ? RFC_3339.exec(value) : null;
  if (!parts || typeof value !== 'string') return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as SixNumbers;
  const [offsetHour, offsetMinute] = parts.slice(9, 11).map((digits) => Number(digits ?? 0));
  const date = new Date(Date.UTC(year, month - 1, day));
  date.setUTCFullYear(year);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  const inDay = hour < 24 && minute < 60 && second < 60;
  if (!exists || !inDay || (offsetHour ?? 0) > 23 || (offsetMinute ?? 0) > 59) return undefined;
  const utc = new Date(value.toUpperCase()).toISOString();
  return utc.length === TIME_LENGTH && !utc.startsWith('0000') ? utc : undefined;
}

type SixNumbers = [number, number, number, number, number, number];
