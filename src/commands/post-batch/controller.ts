import { Body, Controller, Headers, HttpStatus, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { RouteConfig } from '@nestjs/platform-fastify';
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
import { ApiIdempotencyKey, IDEMPOTENCY_KEY_HEADER, REPLAYED_HEADER } from '../idempotency.js';
import { type CommandOutcome } from '../ledger-writer/ledger-writers.js';
import { batchInCallersWords } from '../post-transfer/legs.js';
import { recordedOr } from '../recorded.js';
import { SubmitTransferCommand } from '../submit-transfer-command.js';
import { type BatchAnswer, batchAnswer, batchRefused } from './batch-answer.js';
import { batchIdsOf } from './batch-ids.js';
import { postBatchOf, transfersOf } from './command-of.js';
import { PostBatchBody } from './dto.js';
import { BATCH_EXAMPLE, OUTCOMES_EXAMPLE, REQUEST_EXAMPLES } from './examples.js';
import { PostTransfersCommand } from './handler.js';
import { type OutcomeAnswer, lastRevisionOf, outcomeAnswer } from './outcome-answers.js';

/** A thousand transfers with several legs, a description and metadata fit in. */
const BODY_BYTES_MAX = 2 * 1024 * 1024;

/** A request as both kinds of batches need it. */
interface Asked {
  readonly ledger: string;
  readonly body: PostBatchBody;
  /** The `Idempotency-Key` header. */
  readonly key: string | undefined;
  readonly causation: Causation;
  readonly dryRun: boolean;
}

@ApiTags('Transfers')
@Controller('v1/ledgers/:ledger/transfers')
export class PostBatchController {
  constructor(private readonly bus: CommandBus) {}

  @Post('batch')
  @RouteConfig({ bodyBytesMax: BODY_BYTES_MAX })
  @Requires('post-transfers')
  @ApiLedgerParam()
  @ApiIdempotencyKey()
  @ApiDryRun()
  @ApiOperation({
    summary: 'Post many transfers at once',
    description:
      'In order, later ones seeing earlier ones. `atomic`: all of them or none, as one event with an ' +
      'id of its own, answered 201, or refused with every transfer that fails. Otherwise each is ' +
      'decided for itself, and answered with the status that it would have had alone. Transfers ' +
      'without an id get one that follows from the id of the batch, or from the key. Repeating it ' +
      'works as for transfers.',
  })
  @ApiBody({ type: PostBatchBody, examples: REQUEST_EXAMPLES })
  @ApiSuccess(200, OUTCOMES_EXAMPLE, { revision: 3 })
  @ApiSuccess(201, BATCH_EXAMPLE, { revision: BATCH_EXAMPLE.revision })
  @ApiErrors(
    'INVALID_REQUEST',
    'INVALID_AMOUNT',
    'INVALID_BATCH',
    'BATCH_TOO_LARGE',
    'LEDGER_NOT_FOUND',
    'TRANSFER_ID_REUSED',
    'BATCH_REFUSED',
    'UNKNOWN_ACCOUNT',
    'LEDGER_BUSY',
    'OUTCOME_UNKNOWN',
  )
  post(
    @LedgerParam() ledger: string,
    @Body() body: PostBatchBody,
    @Headers(IDEMPOTENCY_KEY_HEADER.toLowerCase()) key: string | undefined,
    @Caused() causation: Causation,
    @DryRun() dryRun: boolean,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer<BatchAnswer | readonly OutcomeAnswer[]>> {
    const asked: Asked = { ledger, body, key, causation, dryRun };
    return body.atomic ? this.postAtomic(asked, reply) : this.postEach(asked, reply);
  }

  private async postAtomic(
    { ledger, body, key, causation, dryRun }: Asked,
    reply: FastifyReply,
  ): Promise<Answer<BatchAnswer>> {
    const command = postBatchOf(batchIdsOf(ledger, body, key), body);
    const submission = new SubmitTransferCommand(ledger, command, causation, dryRun);
    const outcome = inWordsOf(body, await this.bus.execute(submission));
    const { event, revision, replayed } = recordedOr(outcome);
    if (event.type === 'BatchRefused') {
      throw batchRefused(event, { revision, replayed }, body.transfers);
    }
    if (event.type !== 'BatchPosted') {
      throw new InvariantViolation(`Batch ${command.id} was decided by a ${event.type}`);
    }
    if (replayed) reply.header(REPLAYED_HEADER, 'true');
    return { data: batchAnswer(event, revision), meta: { revision } };
  }

  private async postEach(
    { ledger, body, key, causation, dryRun }: Asked,
    reply: FastifyReply,
  ): Promise<Answer<readonly OutcomeAnswer[]>> {
    const transfers = transfersOf(batchIdsOf(ledger, body, key), body);
    const command = new PostTransfersCommand(ledger, transfers, causation, dryRun);
    const outcomes = await this.bus.execute(command);
    assertLedgerFound(outcomes);
    reply.status(HttpStatus.OK);
    const revision = lastRevisionOf(outcomes);
    return {
      data: body.transfers.flatMap((transfer, index) => {
        const outcome = outcomes[index];
        return outcome ? [outcomeAnswer(outcome, transfer)] : [];
      }),
      ...(revision !== undefined && { meta: { revision } }),
    };
  }
}

// That there is no such ledger is an answer to the request, not to each of its transfers.
function assertLedgerFound([first]: readonly CommandOutcome[]): void {
  if (first?.kind === 'rejected' && first.rejection.code === 'LEDGER_NOT_FOUND') recordedOr(first);
}

function inWordsOf({ transfers }: PostBatchBody, outcome: CommandOutcome): CommandOutcome {
  if (outcome.kind !== 'rejected') return outcome;
  return { ...outcome, rejection: batchInCallersWords(outcome.rejection, transfers) };
}
