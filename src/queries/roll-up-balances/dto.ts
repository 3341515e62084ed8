import { Field } from '../../platform/http/fields.js';
import { dateOrTime } from '../../platform/http/instant.js';
import { address } from '../../platform/http/ledger-fields.js';
import { ReflectingPageQuery } from '../reflecting-query.js';
import { currency, depth } from '../rules.js';

export class RollUpParameters extends ReflectingPageQuery {
  /** Whole segments of an address: `customers` has `customers` and `customers:42:wallet` below it. */
  @Field(address, { optional: true })
  prefix?: string;

  /** How many segments below the prefix the sums are made; 1 when absent, 0 is one sum of all. */
  @Field(depth, { optional: true })
  depth?: string;

  @Field(currency, { optional: true })
  currency?: string;

  /** What counts at this time or before it; a date is the end of that day in UTC. */
  @Field(dateOrTime, { optional: true })
  at?: string;

  /** As far as it was recorded at this time or before it; a date is the end of that day in UTC. */
  @Field(dateOrTime, { optional: true })
  knownAt?: string;
}
