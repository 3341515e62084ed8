import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../identity/requires.js';
import { type Answer } from '../../platform/http/answer.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import {
  ApiLedgerParam,
  ApiTransferParam,
  LedgerParam,
  TransferParam,
} from '../../platform/http/path-params.js';
import { REFLECTED_EXAMPLE, TRANSFER_EXAMPLE } from '../examples.js';
import { ReflectingQuery, minRevisionOf } from '../reflecting-query.js';
import { type TransferAnswer } from '../transfer-answer.js';
import { GetTransferQuery } from './handler.js';

@ApiTags('Transfers')
@Controller('v1/ledgers/:ledger/transfers/:transfer')
export class GetTransferController {
  constructor(private readonly bus: QueryBus) {}

  @Get()
  @Requires('read')
  @ApiLedgerParam()
  @ApiTransferParam()
  @ApiOperation({ summary: 'One transfer, with everything that was done to it since' })
  @ApiSuccess(200, TRANSFER_EXAMPLE, REFLECTED_EXAMPLE)
  @ApiErrors(
    'LEDGER_NOT_FOUND',
    'TRANSFER_NOT_FOUND',
    'READ_MODEL_UNAVAILABLE',
    'READ_MODEL_BEHIND',
  )
  get(
    @LedgerParam() ledger: string,
    @TransferParam() id: string,
    @Query() query: ReflectingQuery,
  ): Promise<Answer<TransferAnswer>> {
    return this.bus.execute(new GetTransferQuery(ledger, id, minRevisionOf(query)));
  }
}
