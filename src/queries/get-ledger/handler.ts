import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type LedgerRow, ONE_LEDGER } from '../../../projections/ledger/queries.js';
import { type Answer } from '../../platform/http/answer.js';
import { ledgerNotFound } from '../../platform/http/api-error.js';
import { READ_MODELS } from '../read-models.js';
import { type AwaitedReadModels, askReflecting, metaOf } from '../reflected.js';

export class GetLedgerQuery extends Query<Answer<LedgerRow>> {
  constructor(
    readonly ledger: string,
    readonly minRevision: number | undefined,
  ) {
    super();
  }
}

@QueryHandler(GetLedgerQuery)
export class GetLedgerHandler implements IQueryHandler<GetLedgerQuery> {
  constructor(@Inject(READ_MODELS) private readonly readModels: AwaitedReadModels) {}

  async execute({ ledger, minRevision }: GetLedgerQuery): Promise<Answer<LedgerRow>> {
    const answer = await askReflecting<LedgerRow>(this.readModels, ledger, ONE_LEDGER, minRevision);
    const [found] = answer.rows;
    if (!found) throw ledgerNotFound();
    return { data: found, meta: metaOf(answer) };
  }
}
