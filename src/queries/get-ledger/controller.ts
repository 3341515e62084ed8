import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type LedgerRow } from '../../../projections/ledger/queries.js';
import { Requires } from '../../identity/requires.js';
import { type Answer } from '../../platform/http/answer.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import { ApiLedgerParam, LedgerParam } from '../../platform/http/path-params.js';
import { LEDGER_EXAMPLE, REFLECTED_EXAMPLE } from '../examples.js';
import { ReflectingQuery, minRevisionOf } from '../reflecting-query.js';
import { GetLedgerQuery } from './handler.js';

@ApiTags('Ledgers')
@Controller('v1/ledgers/:ledger')
export class GetLedgerController {
  constructor(private readonly bus: QueryBus) {}

  @Get()
  @Requires('read')
  @ApiLedgerParam()
  @ApiOperation({ summary: 'One ledger' })
  @ApiSuccess(200, LEDGER_EXAMPLE, REFLECTED_EXAMPLE)
  @ApiErrors('LEDGER_NOT_FOUND', 'READ_MODEL_UNAVAILABLE', 'READ_MODEL_BEHIND')
  get(@LedgerParam() ledger: string, @Query() query: ReflectingQuery): Promise<Answer<LedgerRow>> {
    return this.bus.execute(new GetLedgerQuery(ledger, minRevisionOf(query)));
  }
}
