import { TRANSFER_STATES } from '../../domain/ledger/transfer.js';
import { REFERENCE_LENGTH_MAX } from '../../domain/ledger/transfer-request.js';
import { Field, choice, text } from '../../platform/http/fields.js';
import { dateOrTime } from '../../platform/http/instant.js';
import { address } from '../../platform/http/ledger-fields.js';
import { ReflectingPageQuery } from '../reflecting-query.js';
import { type Order, metadataFilter, order, transferId } from '../rules.js';

export class ListTransfersParameters extends ReflectingPageQuery {
  /** Debited or credited by one of its legs. */
  @Field(address, { optional: true })
  account?: string;

  @Field(choice(TRANSFER_STATES), { optional: true })
  state?: string;

  @Field(text({ lengthMax: REFERENCE_LENGTH_MAX }), { optional: true })
  reference?: string;

  /** Effective at this time or later. */
  @Field(dateOrTime, { optional: true })
  from?: string;

  /** Effective before this time. */
  @Field(dateOrTime, { optional: true })
  to?: string;

  /** Made in this atomic batch. */
  @Field(transferId, { optional: true })
  batch?: string;

  /** Back from the last one, which is the default, or from the first. */
  @Field(order, { optional: true })
  order?: Order;

  @Field(metadataFilter, { optional: true })
  metadata?: Record<string, string>;
}
