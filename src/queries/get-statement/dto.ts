import { type AccountType } from '../../domain/ledger/events.js';
import { type SumsSnapshot } from '../../domain/ledger/account-snapshot.js';
import { Field } from '../../platform/http/fields.js';
import { dateOrTime } from '../../platform/http/instant.js';
import { type EntryAnswer } from '../entry-answer.js';
import { ReflectingPageQuery } from '../reflecting-query.js';

export class StatementParameters extends ReflectingPageQuery {
  /** The period begins at this time; a date is the beginning of that day in UTC. */
  @Field(dateOrTime, { optional: true })
  from?: string;

  /** The period ends before this time; a date is the beginning of that day in UTC. */
  @Field(dateOrTime, { optional: true })
  to?: string;

  /** As far as it was recorded at this time or before it; a date is the end of that day in UTC. */
  @Field(dateOrTime, { optional: true })
  knownAt?: string;
}

/** Balances are on the account's normal side, right before, after each line, and at the end. */
export interface StatementAnswer {
  readonly address: string;
  readonly type: AccountType;
  readonly currency: string;
  readonly from?: string;
  readonly to?: string;
  readonly knownAt?: string;
  readonly opening: string;
  readonly closing: string;
  /** Of the whole period: what was debited and what was credited. */
  readonly totals: SumsSnapshot;
  /** Of the page, in the order in which they count. */
  readonly lines: readonly EntryAnswer[];
}
