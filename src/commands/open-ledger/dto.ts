import { SCALE_MAX } from '../../domain/money.js';
import {
  ASSETS_MAX,
  ASSET_CODE_PATTERN,
  LEDGER_ID_EXPECTED,
  LEDGER_ID_PATTERN,
  LEDGER_NAME_LENGTH_MAX,
} from '../../domain/ledger/open-ledger.js';
import { Field, rule, text } from '../../platform/http/fields.js';
import { listOf } from '../../platform/http/request-shape.js';

const ID_LENGTH_MAX = 63;
const ASSET_CODE_LENGTH_MAX = 16;

const id = text({
  lengthMax: ID_LENGTH_MAX,
  pattern: LEDGER_ID_PATTERN,
  expected: LEDGER_ID_EXPECTED,
});
const code = text({
  lengthMax: ASSET_CODE_LENGTH_MAX,
  pattern: ASSET_CODE_PATTERN,
  expected: '3 to 16 of A-Z and 0-9, beginning with a letter; a code outside ISO 4217',
});
const scale = rule(
  `a whole number from 0 to ${SCALE_MAX}: the decimals of the asset's smallest unit`,
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= SCALE_MAX,
  { type: 'integer', minimum: 0, maximum: SCALE_MAX },
);

class AssetBody {
  @Field(code, { example: 'BTC' })
  code!: string;

  @Field(scale, { example: 8 })
  scale!: number;
}

export class OpenLedgerBody {
  @Field(id, { example: 'demo' })
  id!: string;

  @Field(text({ lengthMax: LEDGER_NAME_LENGTH_MAX }), { example: 'Demonstration' })
  name!: string;

  @Field(listOf(AssetBody, { min: 0, max: ASSETS_MAX, of: 'assets' }), { optional: true })
  assets?: AssetBody[] | null;
}
