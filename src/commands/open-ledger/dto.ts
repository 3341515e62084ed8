import { EFFECTIVE_DAYS_MAX } from '../../domain/ledger/effective-time.js';
import { SCALE_MAX } from '../../domain/money.js';
import {
  ASSETS_MAX,
  ASSET_CODE_PATTERN,
  LEDGER_ID_EXPECTED,
  LEDGER_ID_PATTERN,
  LEDGER_NAME_LENGTH_MAX,
} from '../../domain/ledger/open-ledger.js';
import { Field, text, trueOrFalse, wholeNumber } from '../../platform/http/fields.js';
import { listOf, objectOf } from '../../platform/http/request-shape.js';

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
const scale = wholeNumber({
  min: 0,
  max: SCALE_MAX,
  of: "the decimals of the asset's smallest unit",
});
const days = wholeNumber({ min: 0, max: EFFECTIVE_DAYS_MAX, of: 'days' });

class AssetBody {
  @Field(code, { example: 'BTC' })
  code!: string;

  @Field(scale, { example: 8 })
  scale!: number;
}

/** What is absent does not hold. */
export class RulesBody {
  @Field(trueOrFalse, { optional: true, example: true })
  uniqueReferences?: boolean | null;

  /** Null is without limit. */
  @Field(days, { optional: true, example: 90 })
  pastDaysMax?: number | null;

  @Field(days, { optional: true, example: null })
  futureDaysMax?: number | null;
}

export class OpenLedgerBody {
  @Field(id, { example: 'demo' })
  id!: string;

  @Field(text({ lengthMax: LEDGER_NAME_LENGTH_MAX }), { example: 'Demonstration' })
  name!: string;

  @Field(listOf(AssetBody, { min: 0, max: ASSETS_MAX, of: 'assets' }), { optional: true })
  assets?: AssetBody[] | null;

  @Field(objectOf(RulesBody), { optional: true })
  rules?: RulesBody | null;
}
