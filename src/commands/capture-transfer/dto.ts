import { Field, trueOrFalse } from '../../platform/http/fields.js';
import { dateTime } from '../../platform/http/instant.js';
import { type PartBody, parts } from '../parts.js';
import { amount, description, metadata, transferId } from '../request-rules.js';

/** Neither `amount` nor `parts` is all that is held. */
export class CaptureTransferBody {
  @Field(transferId, { optional: true, example: 'capture-0001' })
  id?: string | null;

  @Field(amount, { optional: true })
  amount?: string | null;

  @Field(parts, { optional: true })
  parts?: PartBody[] | null;

  /** Whether what is held beyond that is released; absent is false. */
  @Field(trueOrFalse, { optional: true, example: true })
  final?: boolean | null;

  @Field(dateTime, { optional: true, example: '2026-01-16T09:30:00Z' })
  effectiveAt?: string | null;

  @Field(description, { optional: true, example: 'First parcel' })
  description?: string | null;

  @Field(metadata, { optional: true, example: { parcel: '1' } })
  metadata?: Record<string, string> | null;
}
