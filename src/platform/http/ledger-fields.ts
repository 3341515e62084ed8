// Rules for fields that bodies, queries and paths have alike.
import {
  ADDRESS_EXPECTED,
  ADDRESS_LENGTH_MAX,
  ADDRESS_PATTERN,
} from '../../domain/ledger/account.js';
import {
  METADATA_KEY_LENGTH_MAX,
  METADATA_VALUE_LENGTH_MAX,
} from '../../domain/ledger/metadata.js';
import { text } from './fields.js';

export const address = text({
  lengthMax: ADDRESS_LENGTH_MAX,
  pattern: ADDRESS_PATTERN,
  expected: ADDRESS_EXPECTED,
});

export const metadataKey = text({ lengthMax: METADATA_KEY_LENGTH_MAX });
export const metadataValue = text({ lengthMin: 0, lengthMax: METADATA_VALUE_LENGTH_MAX });
