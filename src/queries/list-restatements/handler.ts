import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type RestatementRow, restatements } from '../../../projections/balance-history/queries.js';
import { type Answer } from '../../platform/http/answer.js';
import {
  ANY_TEXT,
  type PageOfLedger,
  type PagedList,
  WHOLE_NUMBER,
  keyToContinue,
  pageOf,
} from '../page.js';
import { READ_MODELS } from '../read-models.js';
import { type AwaitedReadModels, askReflecting, metaOf } from '../reflected.js';
import { type Restatement } from './dto.js';

/** Of each account, so many transfers are told. */
const TRANSFERS_TOLD_MAX = 100;

export interface RestatementsFilter {
  readonly at: string;
  readonly knownFrom: string;
  readonly knownTo: string | undefined;
}

export class RestatementsQuery extends Query<Answer<readonly Restatement[]>> {
  constructor(
    readonly filter: RestatementsFilter,
    readonly page: PageOfLedger,
  ) {
    super();
  }
}

@QueryHandler(RestatementsQuery)
export class RestatementsHandler implements IQueryHandler<RestatementsQuery> {
  constructor(@Inject(READ_MODELS) private readonly readModels: AwaitedReadModels) {}

  async execute({ filter, page }: RestatementsQuery): Promise<Answer<readonly Restatement[]>> {
    const { ledger, minRevision, limit } = page;
    // Every page is between the revisions that were known to the first. A revision of -1 is before any.
    const list: PagedList<RestatementRow> = {
      ...page,
      name: 'restatements',
      filters: { ledger, ...filter },
      keyOf: ({ fromRevision, toRevision, address }) => [
        ...[String(fromRevision + 1), String(toRevision), address],
      ],
      keyPatterns: [WHOLE_NUMBER, WHOLE_NUMBER, ANY_TEXT],
    };
    const [afterFrom, toRevision = '', afterAddress] = keyToContinue(list) ?? [];
    const known =
      afterFrom === undefined
        ? { to: filter.knownTo }
        : { fromRevision: String(Number(afterFrom) - 1), toRevision };
    const { at, knownFrom } = filter;
    const transfersMax = TRANSFERS_TOLD_MAX;
    const question = restatements({
      ...{ at, knownFrom, known, afterAddress, limit: limit + 1, transfersMax },
    });
    const answer = await askReflecting<RestatementRow>(
      this.readModels,
      ledger,
      question,
      minRevision,
    );
    const { items, ...next } = pageOf(list, answer.rows);
    return { data: items.map(restatement), meta: { ...metaOf(answer), ...next } };
  }
}

function restatement(row: RestatementRow): Restatement {
  const { address, type, currency, before, after, difference, transfers, transfersInAll } = row;
  const leftOff = transfersInAll - transfers.length;
  return {
    ...{ address, type, currency, before, after, difference, transfers },
    ...(leftOff > 0 && { transfersLeftOff: leftOff }),
  };
}
