// Questions about another time: `at` is when things count, `knownAt` until when they were recorded.
import { type AsOf } from '../../projections/balance-history/queries.js';
import { Field } from '../platform/http/fields.js';
import { dateOrTime, utcByDateOrTime } from '../platform/http/instant.js';
import { ReflectingQuery } from './reflecting-query.js';

export class AsOfQuery extends ReflectingQuery {
  /** What counts at this time or before it; a date is the end of that day in UTC. */
  @Field(dateOrTime, { optional: true })
  at?: string;

  /** As far as it was recorded at this time or before it; a date is the end of that day in UTC. */
  @Field(dateOrTime, { optional: true })
  knownAt?: string;
}

export function asOf({ at, knownAt }: Pick<AsOfQuery, keyof Times>): AsOf {
  return { at: utcByDateOrTime(at), knownAt: utcByDateOrTime(knownAt) };
}

/** Whether any other time than the present is asked about. */
export function isOfAnotherTime({ at, knownAt }: AsOf): boolean {
  return at !== undefined || knownAt !== undefined;
}

/** The times of an answer: those that were asked about. */
export interface Times {
  readonly at?: string;
  readonly knownAt?: string;
}

export function timesAnswered({ at, knownAt }: AsOf): Times {
  return { ...(at !== undefined && { at }), ...(knownAt !== undefined && { knownAt }) };
}
