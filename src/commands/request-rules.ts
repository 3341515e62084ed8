// Rules for fields that several commands have.
import { CURRENCY_EXPECTED } from '../domain/currencies.js';
import { type FieldProblem } from '../domain/errors.js';
import {
  METADATA_KEYS_MAX,
  METADATA_KEY_LENGTH_MAX,
  METADATA_VALUE_LENGTH_MAX,
} from '../domain/ledger/metadata.js';
import { type Rule, isPlainObject, problemWith, text } from '../platform/http/fields.js';
import { metadataKey, metadataValue } from '../platform/http/ledger-fields.js';

const CURRENCY_LENGTH_MAX = 16;
/** Which currencies there are, the ledger knows. */
export const currency = text({
  lengthMax: CURRENCY_LENGTH_MAX,
  expected: CURRENCY_EXPECTED,
});

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
