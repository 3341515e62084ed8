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
import {
  type TransferAnswer,
  transferAnswer,
  transferRefused,
} from '../post-transfer/transfer-answer.js';
import { recordedOr } from '../recorded.js';
import { SubmitTransferCommand } from '../submit-transfer-command.js';
import { reverseTransferOf } from './command-of.js';
import { ReverseTransferBody } from './dto.js';
import { REQUEST_EXAMPLES, REVERSAL_EXAMPLE } from './examples.js';

@ApiTags('Transfers')
@Controller('v1/ledgers/:ledger/transfers/:transfer')
export class ReverseTransferController {
  constructor(private readonly bus: CommandBus) {}

  @Post('reverse')
  @Requires('post-transfers')
  @ApiLedgerParam()
  @ApiTransferParam()
  @ApiIdempotencyKey()
  @ApiDryRun()
  @ApiOperation({
    summary: 'Reverse a transfer',
    description:
      'A new transfer that turns back all that is left of what was posted, or a part, with the legs ' +
      'swapped; any number of times, never beyond what was posted. The rules of the accounts hold. ' +
      'Repeating it works as for transfers.',
  })
  @ApiBody({ type: ReverseTransferBody, examples: REQUEST_EXAMPLES })
  @ApiSuccess(201, REVERSAL_EXAMPLE, { revision: REVERSAL_EXAMPLE.revision })
  @ApiErrors(
    'INVALID_REQUEST',
    'INVALID_AMOUNT',
    'INVALID_TRANSFER',
    'LEDGER_NOT_FOUND',
    'TRANSFER_NOT_FOUND',
    'TRANSFER_ID_REUSED',
    'TRANSFER_NOT_REVERSIBLE',
    'AMOUNT_EXCEEDS_POSTED',
    'INSUFFICIENT_FUNDS',
    'PERIOD_CLOSED',
    'OUTCOME_UNKNOWN',
  )
  async reverse(
    @LedgerParam() ledger: string,
    @TransferParam() transfer: string,
    @Body() body: ReverseTransferBody,
    @Headers(IDEMPOTENCY_KEY_HEADER.toLowerCase()) key: string | undefined,
    @Caused() causation: Causation,
    @DryRun() dryRun: boolean,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer<TransferAnswer>> {
    const id = transferIdOf({ ledger, id: body.id, key });
    const command = reverseTransferOf({ id, transfer }, body);
    const submission = new SubmitTransferCommand(ledger, command, causation, dryRun);
    const outcome = await this.bus.execute(submission);
    const { event, revision, replayed } = recordedOr(outcome);
    if (event.type === 'TransferRefused') throw transferRefused(event, { revision, replayed });
    if (event.type !== 'TransferPosted') {
      throw new InvariantViolation(`Reversal ${id} was decided by a ${event.type}`);
    }
    if (replayed) reply.header(REPLAYED_HEADER, 'true');
    return { data: transferAnswer(event, revision), meta: { revision } };
  }
}
