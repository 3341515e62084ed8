import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type LedgerRow } from '../../../projections/ledger/queries.js';
import { ALL_LEDGERS, type Identity, reaches } from '../../identity/identity.js';
import { Caller, Requires } from '../../identity/requires.js';
import { type Answer } from '../../platform/http/answer.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import { PageQuery, limitOf } from '../../platform/http/paging.js';
import { LEDGER_EXAMPLE, REFLECTED_EXAMPLE } from '../examples.js';
import { ListLedgersQuery } from './handler.js';

@ApiTags('Ledgers')
@Controller('v1/ledgers')
export class ListLedgersController {
  constructor(private readonly bus: QueryBus) {}

  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'The ledgers that the token reaches, in the order of their ids' })
  @ApiSuccess(200, [LEDGER_EXAMPLE], { position: REFLECTED_EXAMPLE.position })
  @ApiErrors('INVALID_REQUEST', 'INVALID_CURSOR', 'READ_MODEL_UNAVAILABLE')
  list(
    @Caller() caller: Identity,
    @Query() query: PageQuery,
  ): Promise<Answer<readonly LedgerRow[]>> {
    const among = reaches(caller, ALL_LEDGERS) ? undefined : caller.ledgers;
    const page = { limit: limitOf(query), cursor: query.cursor };
    return this.bus.execute(new ListLedgersQuery(among, page));
  }
}
