import { Controller, Get } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type AccountSnapshot } from '../../domain/ledger/account-snapshot.js';
import { Requires } from '../../identity/requires.js';
import { type Answer } from '../../platform/http/answer.js';
import { invalidRequest } from '../../platform/http/api-error.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import { ApiLedgerParam, LedgerParam } from '../../platform/http/path-params.js';
import { ACCOUNT_EXAMPLE, REFLECTED_EXAMPLE } from '../examples.js';
import { ApiFilteredQuery, FilteredQuery } from '../filtered-query.js';
import { PAGE_ERRORS, pageOfLedger } from '../reflecting-query.js';
import { ListAccountsParameters } from './dto.js';
import { ListAccountsQuery } from './handler.js';

@ApiTags('Accounts')
@Controller('v1/ledgers/:ledger/accounts')
export class ListAccountsController {
  constructor(private readonly bus: QueryBus) {}

  @Get()
  @Requires('read')
  @ApiLedgerParam()
  @ApiFilteredQuery(ListAccountsParameters)
  @ApiOperation({
    summary: 'Accounts in the order of their addresses',
    description: 'Filter by metadata with `metadata.<key>=<value>`.',
  })
  @ApiSuccess(200, [ACCOUNT_EXAMPLE], REFLECTED_EXAMPLE)
  @ApiErrors(...PAGE_ERRORS)
  list(
    @LedgerParam() ledger: string,
    @FilteredQuery(ListAccountsParameters) query: ListAccountsParameters,
  ): Promise<Answer<readonly AccountSnapshot[]>> {
    const { prefix, type, currency, status, minBalance, maxBalance, metadata = {} } = query;
    assertComparable(query);
    const filter = { prefix, type, currency, status, minBalance, maxBalance, metadata };
    return this.bus.execute(new ListAccountsQuery(filter, pageOfLedger(ledger, query)));
  }
}

// Balances of different currencies do not compare.
function assertComparable({ currency, minBalance, maxBalance }: ListAccountsParameters): void {
  if (currency !== undefined || (minBalance ?? maxBalance) === undefined) return;
  const field = minBalance === undefined ? 'maxBalance' : 'minBalance';
  const problem = 'given without `currency`';
  throw invalidRequest([{ field, problem, expected: 'both, such as currency=EUR' }]);
}
