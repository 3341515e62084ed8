import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../identity/requires.js';
import { type Answer } from '../../platform/http/answer.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import { ApiLedgerParam, LedgerParam } from '../../platform/http/path-params.js';
import { REFLECTED_EXAMPLE } from '../examples.js';
import { asOf } from '../as-of.js';
import { minRevisionOf } from '../reflecting-query.js';
import { type TrialBalanceAnswer, TrialBalanceParameters } from './dto.js';
import { TrialBalanceQuery } from './handler.js';

const EXAMPLE: TrialBalanceAnswer = {
  agrees: true,
  currencies: [
    {
      currency: 'EUR',
      agrees: true,
      accounts: 2,
      debits: '12.50',
      credits: '12.50',
      difference: '0.00',
      types: [
        { type: 'asset', accounts: 1, debits: '12.50', credits: '0.00', difference: '12.50' },
        { type: 'liability', accounts: 1, debits: '0.00', credits: '12.50', difference: '-12.50' },
      ],
    },
  ],
};

@ApiTags('Books')
@Controller('v1/ledgers/:ledger/trial-balance')
export class TrialBalanceController {
  constructor(private readonly bus: QueryBus) {}

  @Get()
  @Requires('read')
  @ApiLedgerParam()
  @ApiOperation({
    summary: 'Everything posted, by currency and account type: debits equal credits',
    description:
      'As it is now, or what counts by `at`, as far as it was recorded by `knownAt`; either alone, or ' +
      'both. Without `at`, everything recorded counts, also what is dated in the future.',
  })
  @ApiSuccess(200, EXAMPLE, REFLECTED_EXAMPLE)
  @ApiErrors('INVALID_REQUEST', 'LEDGER_NOT_FOUND', 'READ_MODEL_UNAVAILABLE', 'READ_MODEL_BEHIND')
  get(
    @LedgerParam() ledger: string,
    @Query() query: TrialBalanceParameters,
  ): Promise<Answer<TrialBalanceAnswer>> {
    const { currency } = query;
    return this.bus.execute(
      new TrialBalanceQuery(ledger, currency, asOf(query), minRevisionOf(query)),
    );
  }
}
