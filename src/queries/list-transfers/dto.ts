import { REFERENCE_LENGTH_MAX } from '../../domain/ledger/post-transfer.js';
import { Field, choice, text } from '../../platform/http/fields.js';
import { ReflectingPageQuery } from '../reflecting-query.js';
import { address, instant, metadataFilter } from '../rules.js';

const STATES = ['posted', 'refused'];

export class ListTransfersParameters extends ReflectingPageQuery {
  /** Debited or credited by one of its legs. */
  @Field(address, { optional: true })
  account?: string;

  @Field(choice(STATES), { optional: true })
  state?: string;

  @Field(text({ lengthMax: REFERENCE_LENGTH_MAX }), { optional: true })
  reference?: string;

  /** Effective at this time or later. */
  @Field(instant, { optional: true })
  from?: string;

  /** Effective before this time. */
  @Field(instant, { optional: true })
  to?: string;

  @Field(metadataFilter, { optional: true })
  metadata?: Record<string, string>;
}
