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
import { ApiLedgerParam, LedgerParam } from '../../platform/http/path-params.js';
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
import { exchangeMoneyOf } from './command-of.js';
import { ExchangeMoneyBody } from './dto.js';
import { EXCHANGE_EXAMPLE, REQUEST_EXAMPLES } from './examples.js';

@ApiTags('Transfers')
@Controller('v1/ledgers/:ledger/exchanges')
export class ExchangeMoneyController {
  constructor(private readonly bus: CommandBus) {}

  @Post()
  @Requires('post-transfers')
  @ApiLedgerParam()
  @ApiIdempotencyKey()
  @ApiDryRun()
  @ApiOperation({
    summary: 'Exchange money',
    description:
      'One transfer in two currencies through two liquidity accounts, at your rate. The amount that ' +
      'is not given is rounded as you say; what rounding leaves is kept exactly: whole smallest ' +
      'units of it are posted to the rounding account, the rest is carried to the next exchange ' +
      'that names it. Repeating it works as for transfers.',
  })
  @ApiBody({ type: ExchangeMoneyBody, examples: REQUEST_EXAMPLES })
  @ApiSuccess(201, EXCHANGE_EXAMPLE, { revision: EXCHANGE_EXAMPLE.revision })
  @ApiErrors(
    'INVALID_REQUEST',
    'INVALID_AMOUNT',
    'SAME_ACCOUNT',
    'LEDGER_NOT_FOUND',
    'TRANSFER_ID_REUSED',
    'REFERENCE_TAKEN',
    'CONDITIONS_NOT_MET',
    'INSUFFICIENT_FUNDS',
    'PERIOD_CLOSED',
    'UNKNOWN_ACCOUNT',
    'CURRENCY_MISMATCH',
    'OUTCOME_UNKNOWN',
  )
  async exchange(
    @LedgerParam() ledger: string,
    @Body() body: ExchangeMoneyBody,
    @Headers(IDEMPOTENCY_KEY_HEADER.toLowerCase()) key: string | undefined,
    @Caused() causation: Causation,
    @DryRun() dryRun: boolean,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer<TransferAnswer>> {
    const id = transferIdOf({ ledger, id: body.id, key });
    const command = exchangeMoneyOf(id, body);
    const submission = new SubmitTransferCommand(ledger, command, causation, dryRun);
    const { event, revision, replayed } = recordedOr(await this.bus.execute(submission));
    if (event.type === 'TransferRefused') throw transferRefused(event, { revision, replayed });
    if (event.type !== 'TransferPosted') {
      throw new InvariantViolation(`Exchange ${id} was decided by a ${event.type}`);
    }
    if (replayed) reply.header(REPLAYED_HEADER, 'true');
    return { data: transferAnswer(event, revision), meta: { revision } };
  }
}
