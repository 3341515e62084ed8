import { Controller, Get } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../identity/requires.js';
import { type Answer } from '../../platform/http/answer.js';
import { utcOfDateOrTime } from '../../platform/http/instant.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import { ApiLedgerParam, LedgerParam } from '../../platform/http/path-params.js';
import { REFLECTED_EXAMPLE, TRANSFER_EXAMPLE } from '../examples.js';
import { ApiFilteredQuery, FilteredQuery } from '../filtered-query.js';
import { PAGE_ERRORS, pageOfLedger } from '../reflecting-query.js';
import { type TransferAnswer } from '../transfer-answer.js';
import { ListTransfersParameters } from './dto.js';
import { ListTransfersQuery } from './handler.js';

@ApiTags('Transfers')
@Controller('v1/ledgers/:ledger/transfers')
export class ListTransfersController {
  constructor(private readonly bus: QueryBus) {}

  @Get()
  @Requires('read')
  @ApiLedgerParam()
  @ApiFilteredQuery(ListTransfersParameters)
  @ApiOperation({
    summary: 'Transfers of every state, back from the one recorded last',
    description:
      '`order=asc` begins with the first. `from` and `to` are about the time when a transfer counts ' +
      'in the books; `from` is included, `to` is not; with either, the order is that of this time. ' +
      'Filter by metadata with `metadata.<key>=<value>`. Each has what was done to it since: ' +
      'captures, voids, reversals, expiry.',
  })
  @ApiSuccess(200, [TRANSFER_EXAMPLE], REFLECTED_EXAMPLE)
  @ApiErrors(...PAGE_ERRORS)
  list(
    @LedgerParam() ledger: string,
    @FilteredQuery(ListTransfersParameters) query: ListTransfersParameters,
  ): Promise<Answer<readonly TransferAnswer[]>> {
    const { account, state, reference, batch, order = 'desc', metadata = {} } = query;
    const from = utcOfDateOrTime(query.from);
    const to = utcOfDateOrTime(query.to);
    const filter = { account, state, reference, from, to, batch, metadata, order };
    return this.bus.execute(new ListTransfersQuery(filter, pageOfLedger(ledger, query)));
  }
}
