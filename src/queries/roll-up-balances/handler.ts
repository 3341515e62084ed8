import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import {
  type RollUp,
  type RollUpAsOfRow,
  type RollUpRow,
  rollUpBalances,
} from '../../../projections/account/queries.js';
import { type AsOf } from '../../../projections/balance-history/queries.js';
import { type Answer } from '../../platform/http/answer.js';
import { isOfAnotherTime, timesAnswered } from '../as-of.js';
import { ANY_TEXT, type PageOfLedger, type PagedList, keyToContinue, pageOf } from '../page.js';
import { READ_MODELS } from '../read-models.js';
import { type AwaitedReadModels, askReflecting, metaOf } from '../reflected.js';

/** With what is held where no other time was asked about. */
export type RollUpAnswer = RollUpAsOfRow & Partial<RollUpRow>;

export class RollUpBalancesQuery extends Query<Answer<readonly RollUpAnswer[]>> {
  constructor(
    readonly rollUp: RollUp,
    readonly asOf: AsOf,
    readonly page: PageOfLedger,
  ) {
    super();
  }
}

@QueryHandler(RollUpBalancesQuery)
export class RollUpBalancesHandler implements IQueryHandler<RollUpBalancesQuery> {
  constructor(@Inject(READ_MODELS) private readonly readModels: AwaitedReadModels) {}

  async execute(query: RollUpBalancesQuery): Promise<Answer<readonly RollUpAnswer[]>> {
    const { rollUp, asOf, page } = query;
    const { ledger, minRevision } = page;
    const list: PagedList<RollUpAnswer> = {
      ...page,
      name: 'balances',
      filters: { ledger, ...rollUp, ...timesAnswered(asOf) },
      keyOf: ({ address, currency }) => [address, currency],
      keyPatterns: [ANY_TEXT, ANY_TEXT],
    };
    const [address = '', currency = ''] = keyToContinue(list) ?? [];
    const after = currency === '' ? undefined : { address, currency };
    const times = isOfAnotherTime(asOf) ? asOf : undefined;
    const question = rollUpBalances(rollUp, { after, limit: page.limit + 1 }, times);
    const answer = await askReflecting<RollUpAnswer>(
      this.readModels,
      ledger,
      question,
      minRevision,
    );
    const { items, ...next } = pageOf(list, answer.rows);
    return { data: items, meta: { ...metaOf(answer), ...next } };
  }
}
