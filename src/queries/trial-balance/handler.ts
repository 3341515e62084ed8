import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type TrialBalanceRow, trialBalance } from '../../../projections/account/queries.js';
import { type AsOf, trialBalanceAsOf } from '../../../projections/balance-history/queries.js';
import { type Answer } from '../../platform/http/answer.js';
import { isOfAnotherTime, timesAnswered } from '../as-of.js';
import { READ_MODELS } from '../read-models.js';
import { type AwaitedReadModels, askReflecting, metaOf } from '../reflected.js';
import { type CurrencyTotals, type TrialBalanceAnswer } from './dto.js';

export class TrialBalanceQuery extends Query<Answer<TrialBalanceAnswer>> {
  constructor(
    readonly ledger: string,
    readonly currency: string | undefined,
    readonly asOf: AsOf,
    readonly minRevision: number | undefined,
  ) {
    super();
  }
}

@QueryHandler(TrialBalanceQuery)
export class TrialBalanceHandler implements IQueryHandler<TrialBalanceQuery> {
  constructor(@Inject(READ_MODELS) private readonly readModels: AwaitedReadModels) {}

  async execute(query: TrialBalanceQuery): Promise<Answer<TrialBalanceAnswer>> {
    const { ledger, currency, asOf, minRevision } = query;
    const question = isOfAnotherTime(asOf)
      ? trialBalanceAsOf(currency, asOf)
      : trialBalance(currency);
    const answer = await askReflecting<TrialBalanceRow>(
      this.readModels,
      ledger,
      question,
      minRevision,
    );
    const currencies = currencyTotals(answer.rows);
    const agrees = currencies.every((totals) => totals.agrees);
    return { data: { ...timesAnswered(asOf), agrees, currencies }, meta: metaOf(answer) };
  }
}

function currencyTotals(rows: readonly TrialBalanceRow[]): CurrencyTotals[] {
  return rows
    .filter(({ type }) => type === null)
    .map(({ currency, agrees, ...whole }) => ({
      currency,
      agrees,
      ...totalsOf(whole),
      types: rows.flatMap((row) =>
        row.currency === currency && row.type !== null
          ? [{ type: row.type, ...totalsOf(row) }]
          : [],
      ),
    }));
}

type Sums = Pick<TrialBalanceRow, 'accounts' | 'debits' | 'credits' | 'difference'>;

function totalsOf({ accounts, debits, credits, difference }: Sums): Sums {
  return { accounts, debits, credits, difference };
}
