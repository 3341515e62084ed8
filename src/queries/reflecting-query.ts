import { Field } from '../platform/http/fields.js';
import { PageQuery, limitOf } from '../platform/http/paging.js';
import { type PageOfLedger } from './page.js';
import { revision } from './rules.js';

/** What every question about one ledger takes. */
export class ReflectingQuery {
  /** Wait, for a while, until the answer reflects this revision. */
  @Field(revision, { optional: true })
  minRevision?: string;
}

/** What every list of one ledger takes. */
export class ReflectingPageQuery extends PageQuery {
  /** Wait, for a while, until the answer reflects this revision. */
  @Field(revision, { optional: true })
  minRevision?: string;
}

export function minRevisionOf({ minRevision }: ReflectingQuery): number | undefined {
  return minRevision === undefined ? undefined : Number(minRevision);
}

/** Errors of every list of one ledger. */
export const PAGE_ERRORS = [
  'INVALID_REQUEST',
  'INVALID_CURSOR',
  'LEDGER_NOT_FOUND',
  'READ_MODEL_UNAVAILABLE',
  'READ_MODEL_BEHIND',
] as const;

export function pageOfLedger(ledger: string, query: ReflectingPageQuery): PageOfLedger {
  const { cursor } = query;
  return { ledger, minRevision: minRevisionOf(query), limit: limitOf(query), cursor };
}
