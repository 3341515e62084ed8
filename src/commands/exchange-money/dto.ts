import { ROUNDING_MODES, type RoundingMode } from '../../domain/exchange-rate.js';
import { RATE_SOURCE_LENGTH_MAX } from '../../domain/ledger/exchange-money.js';
import { Field, amountText, choice, text } from '../../platform/http/fields.js';
import { dateTime } from '../../platform/http/instant.js';
import { address } from '../../platform/http/ledger-fields.js';
import { objectOf } from '../../platform/http/request-shape.js';
import { type ConditionBody, conditions } from '../post-transfer/conditions.js';
import { amount, description, metadata, reference, transferId } from '../request-rules.js';

class LiquidityBody {
  /** Takes what is sold. */
  @Field(address, { example: 'treasury:eur' })
  sell!: string;

  /** Gives what is bought. */
  @Field(address, { example: 'treasury:jpy' })
  buy!: string;
}

class RoundingBody {
  /** Absent is `half-even`. */
  @Field(choice(ROUNDING_MODES), { optional: true, example: 'half-even' })
  mode?: RoundingMode | null;

  /** Where what rounding leaves is posted. */
  @Field(address, { example: 'treasury:rounding' })
  account!: string;
}

/** Exactly one of `sell` and `buy`: the other amount follows from the rate. */
export class ExchangeMoneyBody {
  @Field(transferId, { optional: true, example: 'exchange-0001' })
  id?: string | null;

  /** Pays what is sold. */
  @Field(address, { example: 'customers:42:wallet' })
  from!: string;

  /** Gets what is bought. */
  @Field(address, { example: 'customers:42:yen' })
  to!: string;

  @Field(amount, { optional: true })
  sell?: string | null;

  @Field(amount, { optional: true, example: null })
  buy?: string | null;

  /** Units bought for one unit sold. */
  @Field(amountText('163.25'), { example: '163.25' })
  rate!: string;

  /** Where the rate comes from. */
  @Field(text({ lengthMax: RATE_SOURCE_LENGTH_MAX }), { optional: true, example: 'ECB 2026-01-15' })
  source?: string | null;

  @Field(objectOf(LiquidityBody))
  via!: LiquidityBody;

  @Field(objectOf(RoundingBody))
  rounding!: RoundingBody;

  @Field(dateTime, { optional: true, example: '2026-01-15T09:30:00Z' })
  effectiveAt?: string | null;

  @Field(reference, { optional: true, example: 'FX-2026-0001' })
  reference?: string | null;

  @Field(description, { optional: true, example: 'Holiday money' })
  description?: string | null;

  @Field(metadata, { optional: true, example: { desk: 'retail' } })
  metadata?: Record<string, string> | null;

  @Field(conditions, { optional: true })
  conditions?: ConditionBody[] | null;
}
