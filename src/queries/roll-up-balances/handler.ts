import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import {
  type RollUp,
  type RollUpRow,
  rollUpBalances,
} from '../../../projections/account/queries.js';
import { type Answer } from '../../platform/http/answer.js';
import { ANY_TEXT, type PageOfLedger, type PagedList, keyToContinue, pageOf } from '../page.js';
import { READ_MODELS } from '../read-models.js';
import { type AwaitedReadModels, askReflecting, metaOf } from '../reflected.js';

export class RollUpBalancesQuery extends Query<Answer<readonly RollUpRow[]>> {
  constructor(
    readonly rollUp: RollUp,
    readonly page: PageOfLedger,
  ) {
    super();
  }
}

@QueryHandler(RollUpBalancesQuery)
export class RollUpBalancesHandler implements IQueryHandler<RollUpBalancesQuery> {
  constructor(@Inject(READ_MODELS) private readonly readModels: AwaitedReadModels) {}

  async execute({ rollUp, page }: RollUpBalancesQuery): Promise<Answer<readonly RollUpRow[]>> {
    const { ledger, minRevision } = page;
    const list: PagedList<RollUpRow> = {
      ...page,
      name: 'balances',
      filters: { ledger, ...rollUp },
      keyOf: ({ address, currency }) => [address, currency],
      keyPatterns: [ANY_TEXT, ANY_TEXT],
    };
    const [address = '', currency = ''] = keyToContinue(list) ?? [];
    const after = currency === '' ? undefined : { address, currency };
    const question = rollUpBalances(rollUp, { after, limit: page.limit + 1 });
    const answer = await askReflecting<RollUpRow>(this.readModels, ledger, question, minRevision);
    const { items, ...next } = pageOf(list, answer.rows);
    return { data: items, meta: { ...metaOf(answer), ...next } };
  }
}
