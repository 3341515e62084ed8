import { Field } from '../../platform/http/fields.js';
import { dateOrNull } from '../../platform/http/instant.js';
import { reason } from '../request-rules.js';

export class ReopenPeriodBody {
  /** The last day that stays closed, in UTC; null opens all. */
  @Field(dateOrNull, { example: '2026-05-31' })
  closedThrough!: string | null;

  @Field(reason, { example: 'An invoice of June was forgotten' })
  reason!: string;
}
