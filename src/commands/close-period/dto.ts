import { Field } from '../../platform/http/fields.js';
import { date } from '../../platform/http/instant.js';
import { reason } from '../request-rules.js';

export class ClosePeriodBody {
  /** The last day to be closed, in UTC. */
  @Field(date, { example: '2026-06-30' })
  through!: string;

  @Field(reason, { example: 'The first half-year is reported' })
  reason!: string;
}
