import { type RestatementRow } from '../../../projections/balance-history/queries.js';
import { Field } from '../../platform/http/fields.js';
import { dateOrTime } from '../../platform/http/instant.js';
import { ReflectingPageQuery } from '../reflecting-query.js';

export class RestatementsParameters extends ReflectingPageQuery {
  /** The balances at this time, `knownFrom` by default; a date is the end of that day in UTC. */
  @Field(dateOrTime, { optional: true })
  at?: string;

  /** As they were known at this time; a date is the end of that day in UTC. */
  @Field(dateOrTime)
  knownFrom?: string;

  /** And as they were known at this time, now by default; a date is the end of that day in UTC. */
  @Field(dateOrTime, { optional: true })
  knownTo?: string;
}

/** Only the first transfers are told, and how many more there are. */
export type Restatement = Omit<RestatementRow, 'transfersInAll' | 'fromRevision' | 'toRevision'> & {
  readonly transfersLeftOff?: number;
};
