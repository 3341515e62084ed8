import { Field } from '../../platform/http/fields.js';
import { type PartBody, parts } from '../parts.js';
import { amount, reason, transferId } from '../request-rules.js';

/** Neither `amount` nor `parts` is all that is held. */
export class VoidTransferBody {
  @Field(transferId, { optional: true, example: 'void-0001' })
  id?: string | null;

  @Field(amount, { optional: true })
  amount?: string | null;

  @Field(parts, { optional: true })
  parts?: PartBody[] | null;

  @Field(reason, { example: 'Out of stock' })
  reason!: string;
}
