import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../identity/requires.js';
import { type Answer } from '../../platform/http/answer.js';
import { invalidRequest } from '../../platform/http/api-error.js';
import { utcByDateOrTime, utcOfDateOrTime } from '../../platform/http/instant.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import {
  AddressParam,
  ApiAddressParam,
  ApiLedgerParam,
  LedgerParam,
} from '../../platform/http/path-params.js';
import { ENTRY_EXAMPLE, REFLECTED_EXAMPLE } from '../examples.js';
import { PAGE_ERRORS, pageOfLedger } from '../reflecting-query.js';
import { type StatementAnswer, StatementParameters } from './dto.js';
import { type StatementFilter, StatementQuery } from './handler.js';

const EXAMPLE: StatementAnswer = {
  ...{ address: 'customers:42:wallet', type: 'liability', currency: 'EUR' },
  ...{ from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' },
  ...{ opening: '0.00', closing: '12.50', totals: { debits: '0.00', credits: '12.50' } },
  lines: [ENTRY_EXAMPLE],
};

@ApiTags('Accounts')
@Controller('v1/ledgers/:ledger/accounts/:address/statement')
export class StatementController {
  constructor(private readonly bus: QueryBus) {}

  @Get()
  @Requires('read')
  @ApiLedgerParam()
  @ApiAddressParam()
  @ApiOperation({
    summary: 'The statement of an account over a period, with running balances',
    description:
      'Lines are in the order in which they count. `from` is part of the period, `to` is not. ' +
      'Opening, closing and totals are of the whole period, on every page. All pages are as of the ' +
      'moment of the first: what is recorded meanwhile, back-dated or not, changes none of them.',
  })
  @ApiSuccess(200, EXAMPLE, REFLECTED_EXAMPLE)
  @ApiErrors(...PAGE_ERRORS, 'ACCOUNT_NOT_FOUND')
  get(
    @LedgerParam() ledger: string,
    @AddressParam() account: string,
    @Query() query: StatementParameters,
  ): Promise<Answer<StatementAnswer>> {
    const filter = filterOf(account, query);
    return this.bus.execute(new StatementQuery(filter, pageOfLedger(ledger, query)));
  }
}

function filterOf(account: string, query: StatementParameters): StatementFilter {
  const [from, to] = [query.from, query.to].map(utcOfDateOrTime);
  if (from !== undefined && to !== undefined && from >= to) {
    const problem = 'not after "from"';
    const expected = 'a time after "from": the period ends before it';
    throw invalidRequest([{ field: 'to', problem, expected }]);
  }
  return { account, from, to, knownAt: utcByDateOrTime(query.knownAt) };
}
