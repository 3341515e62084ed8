import { Field, choice } from '../../platform/http/fields.js';
import { dateOrTime } from '../../platform/http/instant.js';
import { address } from '../../platform/http/ledger-fields.js';
import { ReflectingPageQuery } from '../reflecting-query.js';
import { type Order, decimal, metadataFilter, order, transferId } from '../rules.js';

export class ListEntriesParameters extends ReflectingPageQuery {
  /** Effective at this time or later. */
  @Field(dateOrTime, { optional: true })
  from?: string;

  /** Effective before this time. */
  @Field(dateOrTime, { optional: true })
  to?: string;

  /** In the order in which they were recorded, or back from the last, which is the default. */
  @Field(order, { optional: true })
  order?: Order;

  /** The account on the other side. */
  @Field(address, { optional: true })
  counterparty?: string;

  @Field(choice(['debit', 'credit']), { optional: true })
  side?: string;

  /** Of this transfer. */
  @Field(transferId, { optional: true })
  transfer?: string;

  /** At least this amount. */
  @Field(decimal, { optional: true })
  minAmount?: string;

  /** At most this amount. */
  @Field(decimal, { optional: true })
  maxAmount?: string;

  /** Of the transfer that it belongs to. */
  @Field(metadataFilter, { optional: true })
  metadata?: Record<string, string>;
}
