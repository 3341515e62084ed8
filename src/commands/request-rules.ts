// Rules for fields that several commands have.
import { CURRENCY_EXPECTED } from '../domain/currencies.js';
import { type FieldProblem } from '../domain/errors.js';
import { REASON_LENGTH_MAX } from '../domain/ledger/account-life.js';
import {
  METADATA_KEYS_MAX,
  METADATA_KEY_LENGTH_MAX,
  METADATA_VALUE_LENGTH_MAX,
} from '../domain/ledger/metadata.js';
import {
  DESCRIPTION_LENGTH_MAX,
  REFERENCE_LENGTH_MAX,
  TRANSFER_ID_EXPECTED,
  TRANSFER_ID_PATTERN,
} from '../domain/ledger/transfer-request.js';
import {
  type Rule,
  amountText,
  isPlainObject,
  problemWith,
  rule,
  text,
} from '../platform/http/fields.js';
import { metadataKey, metadataValue } from '../platform/http/ledger-fields.js';

const CURRENCY_LENGTH_MAX = 16;
/** Which currencies there are, the ledger knows. */
export const currency = text({
  lengthMax: CURRENCY_LENGTH_MAX,
  expected: CURRENCY_EXPECTED,
});

const TRANSFER_ID_LENGTH_MAX = 64;
/** Of a transfer, a batch, or an act on a transfer. */
export const transferId = text({
  lengthMax: TRANSFER_ID_LENGTH_MAX,
  pattern: TRANSFER_ID_PATTERN,
  expected: TRANSFER_ID_EXPECTED,
});

/** How much to move. */
export const amount = amountText('12.50');
export const reference = text({ lengthMax: REFERENCE_LENGTH_MAX });
export const description = text({ lengthMax: DESCRIPTION_LENGTH_MAX });

/** Why, for whoever reads the audit trail. */
export const reason = text({
  lengthMax: REASON_LENGTH_MAX,
  // A reason of blanks alone gives none.
  pattern: /\S/,
  expected: `why, in 1 to ${REASON_LENGTH_MAX} characters`,
});

/** Of an account, as its `version` or its `ETag` told. */
export const version = rule(
  'the version of an account: a whole number from 1 on',
  (value) => Number.isSafeInteger(value) && Number(value) >= 1,
  { type: 'integer', minimum: 1 },
);

const KEYS_EXPECTED = `at most ${METADATA_KEYS_MAX} keys`;

/** Free pairs of texts; a problem names the key: `metadata.order`. */
export const metadata: Rule = {
  check: (value, field) => {
    if (!isPlainObject(value)) {
      return [{ field, problem: problemWith(value), expected: 'an object whose values are texts' }];
    }
    const pairs = Object.entries(value);
    if (pairs.length > METADATA_KEYS_MAX) {
      return [{ field, problem: `${pairs.length} keys`, expected: KEYS_EXPECTED }];
    }
    return pairs.flatMap(([key, item]): readonly FieldProblem[] => {
      const wrongKey = metadataKey.check(key, field);
      return wrongKey.length > 0 ? wrongKey : metadataValue.check(item, `${field}.${key}`);
    });
  },
  schema: {
    type: 'object',
    additionalProperties: { type: 'string', maxLength: METADATA_VALUE_LENGTH_MAX },
    maxProperties: METADATA_KEYS_MAX,
    description: `${KEYS_EXPECTED} of 1 to ${METADATA_KEY_LENGTH_MAX} characters, values are texts`,
  },
};
