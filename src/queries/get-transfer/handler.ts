import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type TransferRow, oneTransfer } from '../../../projections/transfer/queries.js';
import { type Answer } from '../../platform/http/answer.js';
import { transferNotFound } from '../not-found.js';
import { READ_MODELS } from '../read-models.js';
import { type AwaitedReadModels, askReflecting, metaOf } from '../reflected.js';
import { type TransferAnswer, transferAnswer } from '../transfer-answer.js';

export class GetTransferQuery extends Query<Answer<TransferAnswer>> {
  constructor(
    readonly ledger: string,
    readonly id: string,
    readonly minRevision: number | undefined,
  ) {
    super();
  }
}

@QueryHandler(GetTransferQuery)
export class GetTransferHandler implements IQueryHandler<GetTransferQuery> {
  constructor(@Inject(READ_MODELS) private readonly readModels: AwaitedReadModels) {}

  async execute({ ledger, id, minRevision }: GetTransferQuery): Promise<Answer<TransferAnswer>> {
    const question = oneTransfer(id);
    const answer = await askReflecting<TransferRow>(this.readModels, ledger, question, minRevision);
    const [found] = answer.rows;
    if (!found) throw transferNotFound(id);
    return { data: transferAnswer(found), meta: metaOf(answer) };
  }
}
