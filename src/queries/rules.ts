// Rules for query parameters that several questions have.
import { ADDRESS_EXPECTED, ADDRESS_LENGTH_MAX, ADDRESS_PATTERN } from '../domain/ledger/account.js';
import {
  METADATA_KEYS_MAX,
  METADATA_KEY_LENGTH_MAX,
  METADATA_VALUE_LENGTH_MAX,
} from '../domain/ledger/metadata.js';
import { type Rule, isPlainObject, problemWith, rule, text } from '../platform/http/fields.js';

const REVISION_PATTERN = /^(0|[1-9]\d{0,14})$/;
export const revision = rule(
  'a revision: a whole number from 0 on',
  (value) => typeof value === 'string' && REVISION_PATTERN.test(value),
  { type: 'integer', minimum: 0 },
);

export const address = text({
  lengthMax: ADDRESS_LENGTH_MAX,
  pattern: ADDRESS_PATTERN,
  expected: ADDRESS_EXPECTED,
});

const CURRENCY_LENGTH_MAX = 16;
export const currency = text({
  lengthMax: CURRENCY_LENGTH_MAX,
  pattern: /^[A-Z][A-Z0-9]*$/,
  expected: 'a currency code such as "EUR"',
});

const INSTANT_PATTERN =
  /^(\d{4})-(\d\d)-(\d\d)(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d))?$/;

const YEAR_MIN = 1;
const YEAR_MAX = 9_999;

/** A point in time; a date alone is its first moment in UTC. */
export const instant = rule(
  'a time such as 2026-03-01T08:00:00Z, or a date such as 2026-03-01; a "+" has to be sent as %2B',
  (value) => typeof value === 'string' && instantOf(value) !== undefined,
  { type: 'string', format: 'date-time' },
);

/** The same time in UTC with milliseconds; undefined when there is no such time. */
export function instantOf(value: string): string | undefined {
  const [, year, month, day] = INSTANT_PATTERN.exec(value) ?? [];
  if (year === undefined || Number(year) < YEAR_MIN) return undefined;
  const date = new Date(`${year}-${month}-${day}`);
  // 30 February would become 1 March.
  if (Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day)) return undefined;
  const time = new Date(value);
  // An offset can lead out of the years that there are.
  const utcYear = time.getUTCFullYear();
  return utcYear >= YEAR_MIN && utcYear <= YEAR_MAX ? time.toISOString() : undefined;
}

/** The same for a parameter that may be absent, and was checked by `instant`. */
export function optionalInstant(value: string | undefined): string | undefined {
  return value === undefined ? undefined : instantOf(value);
}

export const METADATA_PREFIX = 'metadata.';
const metadataKey = text({ lengthMax: METADATA_KEY_LENGTH_MAX });
const metadataValue = text({ lengthMin: 0, lengthMax: METADATA_VALUE_LENGTH_MAX });

/** Filters `metadata.<key>=<value>`, as `filtered-query.ts` gathers them. */
export const metadataFilter: Rule = {
  check: (value, field) => {
    const pairs = isPlainObject(value) ? Object.entries(value) : [];
    if (pairs.length === 0 || pairs.length > METADATA_KEYS_MAX) {
      const expected = `${METADATA_PREFIX}<key>=<value>, at most ${METADATA_KEYS_MAX} times`;
      return [{ field, problem: problemWith(value), expected }];
    }
    return pairs.flatMap(([key, item]) => [
      ...metadataKey.check(key, `${field}.${key}`),
      ...metadataValue.check(item, `${field}.${key}`),
    ]);
  },
  schema: {
    type: 'object',
    additionalProperties: { type: 'string' },
    description: `sent as ${METADATA_PREFIX}<key>=<value>, once for each key`,
  },
};
