// An account at another time: its balance then, and what never changes about it.
import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import {
  type AccountAsOfRow,
  type AsOf,
  accountAsOf,
} from '../../../projections/balance-history/queries.js';
import { type Answer } from '../../platform/http/answer.js';
import { type Times, timesAnswered } from '../as-of.js';
import { accountNotFound } from '../not-found.js';
import { READ_MODELS } from '../read-models.js';
import { type AwaitedReadModels, askReflecting, metaOf } from '../reflected.js';

export type AccountAsOf = AccountAsOfRow & Times;

export class AccountAsOfQuestion extends Query<Answer<AccountAsOf>> {
  constructor(
    readonly ledger: string,
    readonly address: string,
    readonly asOf: AsOf,
    readonly minRevision: number | undefined,
  ) {
    super();
  }
}

@QueryHandler(AccountAsOfQuestion)
export class AccountAsOfHandler implements IQueryHandler<AccountAsOfQuestion> {
  constructor(@Inject(READ_MODELS) private readonly readModels: AwaitedReadModels) {}

  async execute(query: AccountAsOfQuestion): Promise<Answer<AccountAsOf>> {
    const { ledger, address, asOf, minRevision } = query;
    const question = accountAsOf(address, asOf);
    const answer = await askReflecting<AccountAsOfRow>(
      this.readModels,
      ledger,
      question,
      minRevision,
    );
    const [found] = answer.rows;
    if (!found) throw accountNotFound(address);
    return { data: { ...found, ...timesAnswered(asOf) }, meta: metaOf(answer) };
  }
}
