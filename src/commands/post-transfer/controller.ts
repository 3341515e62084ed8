import { Body, Controller, Headers, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { type Causation } from '../../event-store/codec.js';
import { Requires } from '../../identity/requires.js';
import { type Answer } from '../../platform/http/answer.js';
import { ApiDryRun, DryRun } from '../../platform/http/dry-run.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import { ApiLedgerParam, LedgerParam } from '../../platform/http/path-params.js';
import { Caused } from '../causation.js';
import {
  ApiIdempotencyKey,
  IDEMPOTENCY_KEY_HEADER,
  REPLAYED_HEADER,
  transferIdOf,
} from '../idempotency.js';
import { SubmitTransferCommand } from '../submit-transfer-command.js';
import { postTransferOf } from './command-of.js';
import { PostTransferBody } from './dto.js';
import { REQUEST_EXAMPLES, TRANSFER_EXAMPLE } from './examples.js';
import { transferToldOf } from './told.js';
import { type TransferAnswer } from './transfer-answer.js';

@ApiTags('Transfers')
@Controller('v1/ledgers/:ledger/transfers')
export class PostTransferController {
  constructor(private readonly bus: CommandBus) {}

  @Post()
  @Requires('post-transfers')
  @ApiLedgerParam()
  @ApiIdempotencyKey()
  @ApiDryRun()
  @ApiOperation({
    summary: 'Post a transfer',
    description:
      'All legs or none. With `pending` their amounts are reserved on both sides, until they are ' +
      'captured, voided or over. The accounts have to meet all `conditions`, and to be at the ' +
      '`expectedVersions`. The same id, or the same key, with the same request answers the recorded ' +
      `outcome again, success or refusal, with \`${REPLAYED_HEADER}: true\`.`,
  })
  @ApiBody({ type: PostTransferBody, examples: REQUEST_EXAMPLES })
  @ApiSuccess(201, TRANSFER_EXAMPLE, { revision: TRANSFER_EXAMPLE.revision })
  @ApiErrors(
    'INVALID_REQUEST',
    'INVALID_AMOUNT',
    'LEDGER_NOT_FOUND',
    'TRANSFER_ID_REUSED',
    'REFERENCE_TAKEN',
    'CONDITIONS_NOT_MET',
    'INSUFFICIENT_FUNDS',
    'PERIOD_CLOSED',
    'EFFECTIVE_AT_OUT_OF_RANGE',
    'UNKNOWN_ACCOUNT',
    'OUTCOME_UNKNOWN',
  )
  async post(
    @LedgerParam() ledger: string,
    @Body() body: PostTransferBody,
    @Headers(IDEMPOTENCY_KEY_HEADER.toLowerCase()) key: string | undefined,
    @Caused() causation: Causation,
    @DryRun() dryRun: boolean,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer<TransferAnswer>> {
    const id = transferIdOf({ ledger, id: body.id, key });
    const command = postTransferOf(id, body);
    const submission = new SubmitTransferCommand(ledger, command, causation, dryRun);
    const { transfer, replayed } = transferToldOf(await this.bus.execute(submission), body);
    if (replayed) reply.header(REPLAYED_HEADER, 'true');
    return { data: transfer, meta: { revision: transfer.revision } };
  }
}
