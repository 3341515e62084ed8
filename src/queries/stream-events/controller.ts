import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiHeader, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { type Identity } from '../../identity/identity.js';
import { Caller, Requires } from '../../identity/requires.js';
import { invalidRequest } from '../../platform/http/api-error.js';
import { ApiErrors } from '../../platform/http/openapi.js';
import { ApiLedgerParam, LedgerParam } from '../../platform/http/path-params.js';
import { sendEvents } from '../../platform/http/server-sent-events.js';
import { revision } from '../rules.js';
import { StreamEventsParameters } from './dto.js';
import { type Beginning, StreamEventsQuery } from './handler.js';

const LAST_EVENT_ID_HEADER = 'Last-Event-ID';

@ApiTags('Books')
@Controller('v1/ledgers/:ledger/events/stream')
export class StreamEventsController {
  constructor(private readonly bus: QueryBus) {}

  @Get()
  @Requires('read-audit-trail')
  @ApiLedgerParam()
  @ApiHeader({
    name: LAST_EVENT_ID_HEADER,
    required: false,
    description: 'The revision of the last event that arrived: the stream goes on after it',
  })
  @ApiOperation({
    summary: 'The audit trail, live: every event as it is recorded',
    description:
      'Server-Sent Events, from the event store itself: `id` is the revision, `event` the type, ' +
      '`data` the event as the list of events has it. Begins with what comes next, or with `from`; ' +
      '`Last-Event-ID` goes on where a connection was lost, without gaps or repeats. Comments keep ' +
      'it alive, and the last one says why it ends, as it does when the token expires.',
  })
  @ApiProduces('text/event-stream')
  @ApiResponse({
    status: 200,
    content: {
      'text/event-stream': {
        schema: { type: 'string' },
        example: 'id: 8\nevent: TransferPosted\ndata: {"revision":8,"type":"TransferPosted"}\n\n',
      },
    },
  })
  @ApiErrors(
    'INVALID_REQUEST',
    'FORBIDDEN',
    'LEDGER_NOT_FOUND',
    'TOO_MANY_STREAMS',
    'EVENT_STORE_UNAVAILABLE',
    'SHUTTING_DOWN',
  )
  async stream(
    @LedgerParam() ledger: string,
    @Query() { from }: StreamEventsParameters,
    @Headers(LAST_EVENT_ID_HEADER.toLowerCase()) lastEventId: string | undefined,
    @Caller() caller: Identity,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const beginning = beginningOf(lastEventId, from);
    const stream = await this.bus.execute(new StreamEventsQuery(ledger, beginning, caller));
    try {
      reply.hijack();
      const headers = { ...reply.getHeaders() };
      await sendEvents(reply.raw, stream.messages, { headers, signal: stream.signal });
    } finally {
      stream.close();
    }
  }
}

/** A reader that comes back repeats its first request, so that what it saw since counts more. */
function beginningOf(lastEventId: string | undefined, from: string | undefined): Beginning {
  if (lastEventId !== undefined && lastEventId !== '') {
    const problems = revision.check(lastEventId, LAST_EVENT_ID_HEADER);
    if (problems.length > 0) throw invalidRequest(problems);
    return { field: LAST_EVENT_ID_HEADER, revision: Number(lastEventId) + 1 };
  }
  return from === undefined ? undefined : { field: 'from', revision: Number(from) };
}
