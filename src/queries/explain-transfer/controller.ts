import { Controller, Get } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Explanation } from '../../domain/ledger/explain.js';
import { Requires } from '../../identity/requires.js';
import { type Answer } from '../../platform/http/answer.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import {
  ApiLedgerParam,
  ApiTransferParam,
  LedgerParam,
  TransferParam,
} from '../../platform/http/path-params.js';
import { EXPLANATION_EXAMPLE } from './example.js';
import { ExplainTransferQuery } from './handler.js';

@ApiTags('Transfers')
@Controller('v1/ledgers/:ledger/transfers/:transfer/explain')
export class ExplainTransferController {
  constructor(private readonly bus: QueryBus) {}

  @Get()
  @Requires('read')
  @ApiLedgerParam()
  @ApiTransferParam()
  @ApiOperation({
    summary: 'Why a transfer was posted, or refused',
    description:
      'Decides it again on the state that the decision saw, and shows every check with its numbers. ' +
      'The id may be that of a transfer, a batch, a capture, a void, a reversal or an exchange. It ' +
      'folds the ledger up to there, which takes the longer, the later it was.',
  })
  @ApiSuccess(200, EXPLANATION_EXAMPLE, { revision: 7 })
  @ApiErrors('LEDGER_NOT_FOUND', 'TRANSFER_NOT_FOUND', 'EXPLANATION_UNAVAILABLE')
  explain(
    @LedgerParam() ledger: string,
    @TransferParam() id: string,
  ): Promise<Answer<Explanation>> {
    return this.bus.execute(new ExplainTransferQuery(ledger, id));
  }
}
