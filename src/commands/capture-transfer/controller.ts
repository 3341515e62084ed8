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
import { type CaptureAnswer, captureAnswer, captureRefused } from './capture-answer.js';
import { captureTransferOf } from './command-of.js';
import { CaptureTransferBody } from './dto.js';
import { CAPTURE_EXAMPLE, REQUEST_EXAMPLES } from './examples.js';

@ApiTags('Transfers')
@Controller('v1/ledgers/:ledger/transfers/:transfer')
export class CaptureTransferController {
  constructor(private readonly bus: CommandBus) {}

  @Post('capture')
  @Requires('post-transfers')
  @ApiLedgerParam()
  @ApiTransferParam()
  @ApiIdempotencyKey()
  @ApiDryRun()
  @ApiOperation({
    summary: 'Capture a pending transfer',
    description:
      'All that is held, or a part; a `final` one releases the rest. It was reserved before, so no ' +
      'balance can stand against it. From `expiresAt` on it is refused. Repeating it works as for ' +
      'transfers.',
  })
  @ApiBody({ type: CaptureTransferBody, examples: REQUEST_EXAMPLES })
  @ApiSuccess(201, CAPTURE_EXAMPLE, { revision: CAPTURE_EXAMPLE.revision })
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
  async capture(
    @LedgerParam() ledger: string,
    @TransferParam() transfer: string,
    @Body() body: CaptureTransferBody,
    @Headers(IDEMPOTENCY_KEY_HEADER.toLowerCase()) key: string | undefined,
    @Caused() causation: Causation,
    @DryRun() dryRun: boolean,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer<CaptureAnswer>> {
    const id = transferIdOf({ ledger, id: body.id, key });
    const command = captureTransferOf({ id, transfer }, body);
    const submission = new SubmitTransferCommand(ledger, command, causation, dryRun);
    const outcome = await this.bus.execute(submission);
    const { event, revision, replayed } = recordedOr(outcome);
    if (event.type === 'CaptureRefused') throw captureRefused(event, { revision, replayed });
    if (event.type !== 'TransferCaptured') {
      throw new InvariantViolation(`Capture ${id} was decided by a ${event.type}`);
    }
    if (replayed) reply.header(REPLAYED_HEADER, 'true');
    return { data: captureAnswer(event, revision), meta: { revision } };
  }
}
