import { Field } from '../../platform/http/fields.js';
import { dateTime } from '../../platform/http/instant.js';
import { type PartBody, parts } from '../parts.js';
import { amount, description, metadata, reason, transferId } from '../request-rules.js';

/** Neither `amount` nor `parts` is all that was posted and not yet reversed. */
export class ReverseTransferBody {
  @Field(transferId, { optional: true, example: 'refund-0001' })
  id?: string | null;

  @Field(amount, { optional: true })
  amount?: string | null;

  @Field(parts, { optional: true })
  parts?: PartBody[] | null;

  @Field(reason, { example: 'Returned by the customer' })
  reason!: string;

  @Field(dateTime, { optional: true, example: '2026-01-20T09:30:00Z' })
  effectiveAt?: string | null;

  @Field(description, { optional: true, example: 'Refund' })
  description?: string | null;

  @Field(metadata, { optional: true, example: { return: '4711' } })
  metadata?: Record<string, string> | null;
}
