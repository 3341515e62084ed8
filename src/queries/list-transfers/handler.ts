import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import {
  type TransferFilter,
  type TransferRow,
  isByTime,
  listTransfers,
} from '../../../projections/transfer/queries.js';
import { type Answer } from '../../platform/http/answer.js';
import {
  MILLISECONDS,
  type PageOfLedger,
  type PagedList,
  PLACE_NUMBER,
  WHOLE_NUMBER,
  keyToContinue,
  pageOf,
} from '../page.js';
import { READ_MODELS } from '../read-models.js';
import { type AwaitedReadModels, askReflecting, metaOf } from '../reflected.js';
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
  constructor(@Inject(READ_MODELS) private readonly readModels: AwaitedReadModels) {}

  async execute({ filter, page }: ListTransfersQuery): Promise<Answer<readonly TransferAnswer[]>> {
    const { ledger, minRevision } = page;
    const list: PagedList<TransferRow> = {
      ...page,
      name: 'transfers',
      filters: { ledger, ...filter },
      ...sortKeyOf(filter),
    };
    const question = listTransfers(filter, { after: keyToContinue(list), limit: page.limit + 1 });
    const answer = await askReflecting<TransferRow>(this.readModels, ledger, question, minRevision);
    const { items, ...next } = pageOf(list, answer.rows);
    return { data: items.map(transferAnswer), meta: { ...metaOf(answer), ...next } };
  }
}

/** What `listTransfers` sorts by. */
function sortKeyOf(filter: TransferFilter): Pick<PagedList<TransferRow>, 'keyOf' | 'keyPatterns'> {
  const placeOf = ({ revision, batchIndex }: TransferRow) => [revision, batchIndex].map(String);
  const places = [WHOLE_NUMBER, PLACE_NUMBER];
  if (!isByTime(filter)) return { keyOf: placeOf, keyPatterns: places };
  return {
    keyOf: (row) => [String(Date.parse(row.effectiveAt)), ...placeOf(row)],
    keyPatterns: [MILLISECONDS, ...places],
  };
}
