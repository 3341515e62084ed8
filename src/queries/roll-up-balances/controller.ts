import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../identity/requires.js';
import { type Answer } from '../../platform/http/answer.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import { ApiLedgerParam, LedgerParam } from '../../platform/http/path-params.js';
import { asOf } from '../as-of.js';
import { REFLECTED_EXAMPLE } from '../examples.js';
import { PAGE_ERRORS, pageOfLedger } from '../reflecting-query.js';
import { RollUpParameters } from './dto.js';
import { type RollUpAnswer, RollUpBalancesQuery } from './handler.js';

const EXAMPLE: RollUpAnswer = {
  address: 'customers:42',
  currency: 'EUR',
  accounts: 2,
  posted: { debits: '7.50', credits: '20.00' },
  pending: { debits: '0.00', credits: '0.00' },
  difference: '-12.50',
  balances: { debit: '0.00', credit: '12.50' },
};

const DEPTH_DEFAULT = 1;

@ApiTags('Books')
@Controller('v1/ledgers/:ledger/balances')
export class RollUpBalancesController {
  constructor(private readonly bus: QueryBus) {}

  @Get()
  @Requires('read')
  @ApiLedgerParam()
  @ApiOperation({
    summary: 'Sums of balances over the tree of addresses',
    description:
      'One line for every node `depth` segments below `prefix` and every currency, with the sums of ' +
      'all accounts at or below it; an account further up is a line of its own. `difference` is ' +
      'debits less credits; `balances` are summed by normal side: of accounts that grow by debits, ' +
      'and of those that grow by credits. `at` has what counts by then, `knownAt` what was recorded by ' +
      'then; without `pending`, for what was held at another time is not kept.',
  })
  @ApiSuccess(200, [EXAMPLE], REFLECTED_EXAMPLE)
  @ApiErrors(...PAGE_ERRORS)
  list(
    @LedgerParam() ledger: string,
    @Query() query: RollUpParameters,
  ): Promise<Answer<readonly RollUpAnswer[]>> {
    const { prefix, currency } = query;
    const depth = query.depth === undefined ? DEPTH_DEFAULT : Number(query.depth);
    const rollUp = { prefix, depth, currency };
    return this.bus.execute(
      new RollUpBalancesQuery(rollUp, asOf(query), pageOfLedger(ledger, query)),
    );
  }
}
