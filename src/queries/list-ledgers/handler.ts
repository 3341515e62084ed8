import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type ReadModels } from '../../../projections/engine/queries.js';
import { type LedgerRow, listLedgers } from '../../../projections/ledger/queries.js';
import { type Answer } from '../../platform/http/answer.js';
import { ANY_TEXT, type PagedList, keyToContinue, pageOf } from '../page.js';
import { READ_MODELS } from '../read-models.js';

export class ListLedgersQuery extends Query<Answer<readonly LedgerRow[]>> {
  constructor(
    /** Ids of ledgers; undefined is every ledger. */
    readonly among: readonly string[] | undefined,
    readonly page: { readonly limit: number; readonly cursor: string | undefined },
  ) {
    super();
  }
}

@QueryHandler(ListLedgersQuery)
export class ListLedgersHandler implements IQueryHandler<ListLedgersQuery> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ among, page }: ListLedgersQuery): Promise<Answer<readonly LedgerRow[]>> {
    const list: PagedList<LedgerRow> = {
      ...page,
      name: 'ledgers',
      filters: {},
      keyOf: ({ id }) => [id],
      keyPatterns: [ANY_TEXT],
    };
    const [afterId] = keyToContinue(list) ?? [];
    const limit = page.limit + 1;
    const { position, rows } = await listLedgers(this.readModels, { among, afterId, limit });
    const { items, ...next } = pageOf(list, rows);
    return { data: items, meta: { ...(position !== undefined && { position }), ...next } };
  }
}
