import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type ReadModels } from '../../../projections/engine/queries.js';
import {
  type TransferFilter,
  type TransferRow,
  listTransfers,
} from '../../../projections/transfer/queries.js';
import { type Answer } from '../../platform/http/answer.js';
import {
  type PageOfLedger,
  type PagedList,
  PLACE_NUMBER,
  WHOLE_NUMBER,
  keyToContinue,
  pageOf,
} from '../page.js';
import { READ_MODELS } from '../read-models.js';
import { askReflecting, metaOf } from '../reflected.js';
import { type TransferAnswer, transferAnswer } from '../transfer-answer.js';

export class ListTransfersQuery extends Query<Answer<readonly TransferAnswer[]>> {
  constructor(
    readonly filter: TransferFilter,
    readonly page: PageOfLedger,
  ) {
    super();
  }
}

@QueryHandler(ListTransfersQuery)
export class ListTransfersHandler implements IQueryHandler<ListTransfersQuery> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ filter, page }: ListTransfersQuery): Promise<Answer<readonly TransferAnswer[]>> {
    const { ledger, minRevision } = page;
    const list: PagedList<TransferRow> = {
      ...page,
      name: 'transfers',
      filters: { ledger, ...filter },
      keyOf: ({ revision, batchIndex }) => [String(revision), String(batchIndex)],
      keyPatterns: [WHOLE_NUMBER, PLACE_NUMBER],
    };
    const [revision = '', batchIndex = ''] = keyToContinue(list) ?? [];
    const before = revision === '' ? undefined : { revision, batchIndex };
    const question = listTransfers(filter, { before, limit: page.limit + 1 });
    const answer = await askReflecting<TransferRow>(this.readModels, ledger, question, minRevision);
    const { items, ...next } = pageOf(list, answer.rows);
    return { data: items.map(transferAnswer), meta: { ...metaOf(answer), ...next } };
  }
}
