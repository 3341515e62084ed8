import { Field, choice } from '../../platform/http/fields.js';
import { dateOrTime } from '../../platform/http/instant.js';
import { ReflectingPageQuery } from '../reflecting-query.js';

const ORDERS = ['asc', 'desc'];

export class ListEntriesParameters extends ReflectingPageQuery {
  /** Effective at this time or later. */
  @Field(dateOrTime, { optional: true })
  from?: string;

  /** Effective before this time. */
  @Field(dateOrTime, { optional: true })
  to?: string;

  /** In the order in which they were recorded, or back from the last, which is the default. */
  @Field(choice(ORDERS), { optional: true })
  order?: 'asc' | 'desc';
}
