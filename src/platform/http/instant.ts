// Points in time, as callers write them.
import { rule } from './fields.js';

const RFC_3339 =
  /^(\d{4}-\d\d-(\d\d))T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;
const DATE_ALONE = /^\d{4}-\d\d-\d\d$/;
const YEAR_MAX = 9_999;
const SCHEMA = { type: 'string', format: 'date-time' } as const;
const DATE_SCHEMA = { type: 'string', format: 'date' } as const;

/** A date and time with its offset. */
export const dateTime = rule(
  'a date and time of RFC 3339 with its offset, such as "2026-01-15T09:30:00Z"',
  (value) => utcOf(value) !== undefined,
  SCHEMA,
);

/** The same, or a date alone, for queries; which moment of the day it is, the parameter says. */
export const dateOrTime = rule(
  'a time such as 2026-03-01T08:00:00Z, or a date such as 2026-03-01; a "+" has to be sent as %2B',
  (value) => utcOfDateOrTime(value) !== undefined,
  SCHEMA,
);

/** A day of the calendar, `2026-06-30`. */
export const date = rule('a date such as "2026-06-30"', isDate, DATE_SCHEMA);

/** The same, or null, which has to be said. */
export const dateOrNull = rule(
  'a date such as "2026-06-30", or null',
  (value) => value === null || isDate(value),
  { ...DATE_SCHEMA, nullable: true },
);

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
  // An offset can lead out of the years that there are.
  const year = utc.getUTCFullYear();
  return year >= 1 && year <= YEAR_MAX ? utc.toISOString() : undefined;
}

/** The same for what `dateOrTime` takes: a date is its first moment in UTC. */
export function utcOfDateOrTime(value: unknown): string | undefined {
  return utcOf(isDateAlone(value) ? `${value}T00:00:00Z` : value);
}

/** The same, where a date is its last moment in UTC. */
export function utcByDateOrTime(value: unknown): string | undefined {
  return utcOf(isDateAlone(value) ? `${value}T23:59:59.999Z` : value);
}

function isDateAlone(value: unknown): value is string {
  return typeof value === 'string' && DATE_ALONE.test(value);
}

function isDate(value: unknown): boolean {
  return isDateAlone(value) && utcOfDateOrTime(value) !== undefined;
}
