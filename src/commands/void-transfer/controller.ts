import { Body, Controller, Headers, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { InvariantViolation } from '../../domain/errors.js';
import { type Causation } from '../../event-store/codec.js';
import { Requires } from '../../identity/requires.js';
import { type Answer } from '../../platform/http/answer.js';
import { ApiDryRun, DryRun } from '../../platform/http/dry-run.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import {
  ApiLedgerParam,
  ApiTransferParam,
  LedgerParam,
  TransferParam,
} from '../../platform/http/path-params.js';
import { Caused } from '../causation.js';
import {
  ApiIdempotencyKey,
  IDEMPOTENCY_KEY_HEADER,
  REPLAYED_HEADER,
  transferIdOf,
} from '../idempotency.js';
import { recordedOr } from '../recorded.js';
import { SubmitTransferCommand } from '../submit-transfer-command.js';
import { voidTransferOf } from './command-of.js';
import { VoidTransferBody } from './dto.js';
import { REQUEST_EXAMPLES, VOID_EXAMPLE } from './examples.js';
import { type VoidAnswer, voidAnswer, voidRefused } from './void-answer.js';

@ApiTags('Transfers')
@Controller('v1/ledgers/:ledger/transfers/:transfer')
export class VoidTransferController {
  constructor(private readonly bus: CommandBus) {}

  @Post('void')
  @Requires('post-transfers')
  @ApiLedgerParam()
  @ApiTransferParam()
  @ApiIdempotencyKey()
  @ApiDryRun()
  @ApiOperation({
    summary: 'Void a pending transfer',
    description:
      'Releases all that is held, or a part, without moving it. Repeating it works as for transfers.',
  })
  @ApiBody({ type: VoidTransferBody, examples: REQUEST_EXAMPLES })
  @ApiSuccess(201, VOID_EXAMPLE, { revision: VOID_EXAMPLE.revision })
  @ApiErrors(
    'INVALID_REQUEST',
    'INVALID_AMOUNT',
    'INVALID_TRANSFER',
    'LEDGER_NOT_FOUND',
    'TRANSFER_NOT_FOUND',
    'TRANSFER_ID_REUSED',
    'TRANSFER_NOT_PENDING',
    'TRANSFER_EXPIRED',
    'AMOUNT_EXCEEDS_HELD',
    'OUTCOME_UNKNOWN',
  )
  async void(
    @LedgerParam() ledger: string,
    @TransferParam() transfer: string,
    @Body() body: VoidTransferBody,
    @Headers(IDEMPOTENCY_KEY_HEADER.toLowerCase()) key: string | undefined,
    @Caused() causation: Causation,
    @DryRun() dryRun: boolean,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer<VoidAnswer>> {
    const id = transferIdOf({ ledger, id: body.id, key });
    const command = voidTransferOf({ id, transfer }, body);
    const submission = new SubmitTransferCommand(ledger, command, causation, dryRun);
    const outcome = await this.bus.execute(submission);
    const { event, revision, replayed } = recordedOr(outcome);
    if (event.type === 'VoidRefused') throw voidRefused(event, { revision, replayed });
    if (event.type !== 'TransferVoided') {
      throw new InvariantViolation(`Void ${id} was decided by a ${event.type}`);
    }
    if (replayed) reply.header(REPLAYED_HEADER, 'true');
    return { data: voidAnswer(event, revision), meta: { revision } };
  }
}
