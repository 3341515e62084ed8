import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import {
  type Period,
  type StatementRow,
  statement,
} from '../../../projections/balance-history/queries.js';
import { type EntryRow } from '../../../projections/entry/queries.js';
import { type Answer } from '../../platform/http/answer.js';
import { entryAnswer } from '../entry-answer.js';
import { accountNotFound } from '../not-found.js';
import {
  type PageOfLedger,
  type PagedList,
  PLACE_NUMBER,
  TIME,
  WHOLE_NUMBER,
  keyToContinue,
  pageOf,
} from '../page.js';
import { READ_MODELS } from '../read-models.js';
import { type AwaitedReadModels, askReflecting, metaOf } from '../reflected.js';
import { type StatementAnswer } from './dto.js';

export interface StatementFilter extends Period {
  readonly account: string;
  readonly knownAt: string | undefined;
}

export class StatementQuery extends Query<Answer<StatementAnswer>> {
  constructor(
    readonly filter: StatementFilter,
    readonly page: PageOfLedger,
  ) {
    super();
  }
}

@QueryHandler(StatementQuery)
export class StatementHandler implements IQueryHandler<StatementQuery> {
  constructor(@Inject(READ_MODELS) private readonly readModels: AwaitedReadModels) {}

  async execute({ filter, page }: StatementQuery): Promise<Answer<StatementAnswer>> {
    const { ledger, minRevision } = page;
    const key = keyToContinue(linesOf(filter, page));
    const question = statement({ ...filter, ...startOf(filter, key), limit: page.limit + 1 });
    const answer = await askReflecting<StatementRow>(
      this.readModels,
      ledger,
      question,
      minRevision,
    );
    const [found] = answer.rows;
    if (!found) throw accountNotFound(filter.account);
    const { lines, knownRevision, ...balances } = found;
    const { address, type, currency, opening, closing, totals } = balances;
    const { items, ...next } = pageOf(linesOf(filter, page, knownRevision), lines);
    const data = {
      ...{ address, type, currency, ...periodOf(filter), opening, closing, totals },
      lines: items.map(entryAnswer),
    };
    return { data, meta: { ...metaOf(answer), ...next } };
  }
}

// Every page is as of the revision that was known to the first, so that nothing moves between them.
function linesOf(
  filter: StatementFilter,
  page: PageOfLedger,
  knownRevision?: number,
): PagedList<EntryRow> {
  return {
    ...page,
    name: 'statement',
    filters: { ledger: page.ledger, ...filter },
    keyOf: ({ effectiveAt, ...place }) => [
      ...[String(knownRevision), effectiveAt],
      ...[place.revision, place.batchIndex, place.leg].map(String),
    ],
    keyPatterns: [WHOLE_NUMBER, TIME, WHOLE_NUMBER, PLACE_NUMBER, PLACE_NUMBER],
  };
}

function startOf({ knownAt }: StatementFilter, key: readonly string[] | undefined) {
  if (key === undefined) return { known: { at: knownAt }, after: undefined };
  const [known = '', effectiveAt = '', revision = '', batchIndex = '', leg = ''] = key;
  return { known: { revision: known }, after: { effectiveAt, revision, batchIndex, leg } };
}

function periodOf({ from, to, knownAt }: StatementFilter) {
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(knownAt !== undefined && { knownAt }),
  };
}
