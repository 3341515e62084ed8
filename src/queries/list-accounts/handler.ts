import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type AccountFilter, listAccounts } from '../../../projections/account/queries.js';
import { type AccountSnapshot } from '../../domain/ledger/account-snapshot.js';
import { type Answer } from '../../platform/http/answer.js';
import { ANY_TEXT, type PageOfLedger, type PagedList, keyToContinue, pageOf } from '../page.js';
import { READ_MODELS } from '../read-models.js';
import { type AwaitedReadModels, askReflecting, metaOf } from '../reflected.js';

export class ListAccountsQuery extends Query<Answer<readonly AccountSnapshot[]>> {
  constructor(
    readonly filter: AccountFilter,
    readonly page: PageOfLedger,
  ) {
    super();
  }
}

@QueryHandler(ListAccountsQuery)
export class ListAccountsHandler implements IQueryHandler<ListAccountsQuery> {
  constructor(@Inject(READ_MODELS) private readonly readModels: AwaitedReadModels) {}

  async execute({ filter, page }: ListAccountsQuery): Promise<Answer<readonly AccountSnapshot[]>> {
    const { ledger, minRevision } = page;
    const list: PagedList<AccountSnapshot> = {
      ...page,
      name: 'accounts',
      filters: { ledger, ...filter },
      keyOf: ({ address }) => [address],
      keyPatterns: [ANY_TEXT],
    };
    const [afterAddress] = keyToContinue(list) ?? [];
    const question = listAccounts(filter, { afterAddress, limit: page.limit + 1 });
    const answer = await askReflecting<AccountSnapshot>(
      this.readModels,
      ledger,
      question,
      minRevision,
    );
    const { items, ...next } = pageOf(list, answer.rows);
    return { data: items, meta: { ...metaOf(answer), ...next } };
  }
}
