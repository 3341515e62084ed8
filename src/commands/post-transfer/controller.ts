import { Body, Controller, Headers, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { InvariantViolation } from '../../domain/errors.js';
import { type Causation } from '../../event-store/codec.js';
import { Requires } from '../../identity/requires.js';
import { type Answer } from '../../platform/http/answer.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import { ApiLedgerParam, LedgerParam } from '../../platform/http/path-params.js';
import { Caused } from '../causation.js';
import { type CommandOutcome } from '../ledger-writer/ledger-writers.js';
import { recordedOr } from '../recorded.js';
import { postTransferOf } from './command-of.js';
import { PostTransferBody } from './dto.js';
import { REQUEST_EXAMPLES, TRANSFER_EXAMPLE } from './examples.js';
import { PostTransferCommand } from './handler.js';
import { IDEMPOTENCY_KEY_HEADER, REPLAYED_HEADER, transferIdOf } from './idempotency.js';
import { inCallersWords } from './legs.js';
import { type TransferAnswer, refusalAnswer, transferAnswer } from './transfer-answer.js';

@ApiTags('Transfers')
@Controller('v1/ledgers/:ledger/transfers')
export class PostTransferController {
  constructor(private readonly bus: CommandBus) {}

  @Post()
  @Requires('post-transfers')
  @ApiLedgerParam()
  @ApiHeader({ name: IDEMPOTENCY_KEY_HEADER, required: false, description: 'Instead of `id`' })
  @ApiOperation({
    summary: 'Post a transfer',
    description:
      'All legs or none. The same id, or the same key, with the same request answers the recorded ' +
      `outcome again, success or refusal, with \`${REPLAYED_HEADER}: true\`.`,
  })
  @ApiBody({ type: PostTransferBody, examples: REQUEST_EXAMPLES })
  @ApiSuccess(201, TRANSFER_EXAMPLE, { revision: TRANSFER_EXAMPLE.revision })
  @ApiErrors(
    'INVALID_REQUEST',
    'INVALID_AMOUNT',
    'LEDGER_NOT_FOUND',
    'TRANSFER_ID_REUSED',
    'INSUFFICIENT_FUNDS',
    'UNKNOWN_ACCOUNT',
    'OUTCOME_UNKNOWN',
  )
  async post(
    @LedgerParam() ledger: string,
    @Body() body: PostTransferBody,
    @Headers(IDEMPOTENCY_KEY_HEADER.toLowerCase()) key: string | undefined,
    @Caused() causation: Causation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer<TransferAnswer>> {
    const id = transferIdOf({ ledger, id: body.id, key });
    const command = new PostTransferCommand(ledger, postTransferOf(id, body), causation);
    const outcome = await this.bus.execute(command);
    const { event, revision, replayed } = recordedOr(told(outcome, body));
    if (event.type === 'TransferRefused') throw refusalAnswer(event, { revision, replayed });
    if (event.type !== 'TransferPosted') {
      throw new InvariantViolation(`Transfer ${id} was decided by a ${event.type}`);
    }
    if (replayed) reply.header(REPLAYED_HEADER, 'true');
    return { data: transferAnswer(event, revision), meta: { revision } };
  }
}

function told(outcome: CommandOutcome, body: PostTransferBody): CommandOutcome {
  if (outcome.kind !== 'rejected') return outcome;
  return { ...outcome, rejection: inCallersWords(outcome.rejection, body) };
}
