import { Controller, Get } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../identity/requires.js';
import { type Answer } from '../../platform/http/answer.js';
import { utcOfDateOrTime } from '../../platform/http/instant.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import {
  AddressParam,
  ApiAddressParam,
  ApiLedgerParam,
  LedgerParam,
} from '../../platform/http/path-params.js';
import { type EntryAnswer } from '../entry-answer.js';
import { ENTRY_EXAMPLE, REFLECTED_EXAMPLE } from '../examples.js';
import { ApiFilteredQuery, FilteredQuery } from '../filtered-query.js';
import { PAGE_ERRORS, pageOfLedger } from '../reflecting-query.js';
import { ListEntriesParameters } from './dto.js';
import { ListEntriesQuery } from './handler.js';

@ApiTags('Accounts')
@Controller('v1/ledgers/:ledger/accounts/:address/entries')
export class ListEntriesController {
  constructor(private readonly bus: QueryBus) {}

  @Get()
  @Requires('read')
  @ApiLedgerParam()
  @ApiAddressParam()
  @ApiFilteredQuery(ListEntriesParameters)
  @ApiOperation({
    summary: "An account's entries with the balance after each",
    description:
      'Back from the one recorded last, or with `order=asc` from the first. `from` and `to` are about ' +
      'the time when an entry counts in the books; `from` is included, `to` is not. ' +
      'Filter by metadata of their transfers with `metadata.<key>=<value>`.',
  })
  @ApiSuccess(200, [ENTRY_EXAMPLE], REFLECTED_EXAMPLE)
  @ApiErrors(...PAGE_ERRORS, 'ACCOUNT_NOT_FOUND')
  list(
    @LedgerParam() ledger: string,
    @AddressParam() account: string,
    @FilteredQuery(ListEntriesParameters) query: ListEntriesParameters,
  ): Promise<Answer<readonly EntryAnswer[]>> {
    const { counterparty, side, transfer, minAmount, maxAmount } = query;
    const filter = {
      ...{ account, counterparty, side, transfer, minAmount, maxAmount },
      from: utcOfDateOrTime(query.from),
      to: utcOfDateOrTime(query.to),
      metadata: query.metadata ?? {},
      order: query.order ?? 'desc',
    };
    return this.bus.execute(new ListEntriesQuery(filter, pageOfLedger(ledger, query)));
  }
}
