import { Field, choice } from '../../platform/http/fields.js';
import { ReflectingPageQuery } from '../reflecting-query.js';
import { instant } from '../rules.js';

const ORDERS = ['asc', 'desc'];

export class ListEntriesParameters extends ReflectingPageQuery {
  /** Effective at this time or later. */
  @Field(instant, { optional: true })
  from?: string;

  /** Effective before this time. */
  @Field(instant, { optional: true })
  to?: string;

  /** In the order in which they were recorded, or back from the last, which is the default. */
  @Field(choice(ORDERS), { optional: true })
  order?: 'asc' | 'desc';
}
