import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../identity/requires.js';
import { type Answer } from '../../platform/http/answer.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import { limitOf } from '../../platform/http/paging.js';
import { ApiLedgerParam, LedgerParam } from '../../platform/http/path-params.js';
import { REFLECTED_EXAMPLE } from '../examples.js';
import { type EventAnswer, ListEventsParameters } from './dto.js';
import { ListEventsQuery } from './handler.js';

const EXAMPLE: EventAnswer = {
  revision: 0,
  position: '1024',
  id: '2e9b9de2-5a1f-8718-a4b7-f9b0a44aa81f',
  type: 'LedgerOpened',
  data: {
    ledger: 'demo',
    name: 'Demonstration',
    assets: [],
    recordedAt: '2026-01-15T09:30:00.000Z',
  },
  metadata: {
    schemaVersion: 1,
    actor: 'alice',
    requestId: '0f6c1a62-52a2-4d2c-9a0e-5b1a51a2f0c4',
    $correlationId: '0f6c1a62-52a2-4d2c-9a0e-5b1a51a2f0c4',
    $causationId: '0f6c1a62-52a2-4d2c-9a0e-5b1a51a2f0c4',
    clientAddress: '127.0.0.1',
    writer: 'qJ4xW2bd',
    previousHash: '0'.repeat(64),
    hash: '2e9b9de25a1f4718e4b7f9b0a44aa81f7d0c6b0b8a4d1e1c0f5a9b3c2d1e0f9a',
  },
  storedAt: '2026-01-15T09:30:00.004Z',
};

@ApiTags('Books')
@Controller('v1/ledgers/:ledger/events')
export class ListEventsController {
  constructor(private readonly bus: QueryBus) {}

  @Get()
  @Requires('read-audit-trail')
  @ApiLedgerParam()
  @ApiOperation({
    summary: 'The audit trail: events as they are stored, with actor and hashes',
    description: 'Read from the event store itself, not from a read model.',
  })
  @ApiSuccess(200, [EXAMPLE], REFLECTED_EXAMPLE)
  @ApiErrors(
    'INVALID_REQUEST',
    'INVALID_CURSOR',
    'FORBIDDEN',
    'LEDGER_NOT_FOUND',
    'EVENT_STORE_UNAVAILABLE',
  )
  list(
    @LedgerParam() ledger: string,
    @Query() query: ListEventsParameters,
  ): Promise<Answer<readonly EventAnswer[]>> {
    const { direction = 'forwards', cursor } = query;
    const from = query.from === undefined ? undefined : Number(query.from);
    const page = { from, direction, limit: limitOf(query), cursor };
    return this.bus.execute(new ListEventsQuery(ledger, page));
  }
}
