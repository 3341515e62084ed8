// Rules for query parameters that several questions have.
import { METADATA_KEYS_MAX } from '../domain/ledger/metadata.js';
import { ADDRESS_SEGMENTS_MAX } from '../domain/ledger/account.js';
import { TRANSFER_ID_EXPECTED, TRANSFER_ID_PATTERN } from '../domain/ledger/transfer-request.js';
import {
  type Rule,
  choice,
  isPlainObject,
  problemWith,
  rule,
  text,
} from '../platform/http/fields.js';
import { metadataKey, metadataValue } from '../platform/http/ledger-fields.js';

const REVISION_PATTERN = /^(0|[1-9]\d{0,14})$/;
export const revision = rule(
  'a revision: a whole number from 0 on',
  (value) => typeof value === 'string' && REVISION_PATTERN.test(value),
  { type: 'integer', minimum: 0 },
);

const CURRENCY_LENGTH_MAX = 16;
export const currency = text({
  lengthMax: CURRENCY_LENGTH_MAX,
  pattern: /^[A-Z][A-Z0-9]*$/,
  expected: 'a currency code such as "EUR"',
});

/** Of a transfer or a batch. */
export const transferId = rule(
  TRANSFER_ID_EXPECTED,
  (value) => typeof value === 'string' && TRANSFER_ID_PATTERN.test(value),
  { type: 'string' },
);

// As many digits as amounts can have, and more than balances will.
const DECIMAL_PATTERN = /^-?\d{1,40}(\.\d{1,18})?$/;
/** A bound for amounts or balances, in units of their currency. */
export const decimal = rule(
  'a decimal number such as 12.50',
  (value) => typeof value === 'string' && DECIMAL_PATTERN.test(value),
  { type: 'string', format: 'decimal' },
);

/** As they were recorded, or back from the last. */
export type Order = 'asc' | 'desc';
export const order = choice(['asc', 'desc'] satisfies Order[]);

const DEPTH_PATTERN = new RegExp(`^([0-9]|${ADDRESS_SEGMENTS_MAX})$`);
/** Segments of addresses below a prefix. */
export const depth = rule(
  `a number of segments from 0 to ${ADDRESS_SEGMENTS_MAX}`,
  (value) => typeof value === 'string' && DEPTH_PATTERN.test(value),
  { type: 'integer', minimum: 0, maximum: ADDRESS_SEGMENTS_MAX, default: 1 },
);

export const METADATA_PREFIX = 'metadata.';

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
