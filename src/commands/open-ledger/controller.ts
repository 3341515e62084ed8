import { Body, Controller, HttpStatus, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { type Asset, type LedgerOpened, type LedgerRules } from '../../domain/ledger/events.js';
import { type Causation } from '../../event-store/codec.js';
import { Requires } from '../../identity/requires.js';
import { type Answer } from '../../platform/http/answer.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import { Caused } from '../causation.js';
import { recordedOr } from '../recorded.js';
import { openLedgerOf } from './command-of.js';
import { OpenLedgerBody } from './dto.js';
import { OpenLedgerCommand } from './handler.js';

export interface LedgerAnswer {
  readonly id: string;
  readonly name: string;
  readonly assets: readonly Asset[];
  readonly rules: LedgerRules;
  readonly openedAt: string;
}

const EXAMPLE: LedgerAnswer = {
  id: 'demo',
  name: 'Demonstration',
  assets: [{ code: 'BTC', scale: 8 }],
  rules: { uniqueReferences: true, pastDaysMax: 90, futureDaysMax: null },
  openedAt: '2026-01-15T09:30:00.000Z',
};

@ApiTags('Ledgers')
@Controller('v1/ledgers')
export class OpenLedgerController {
  constructor(private readonly bus: CommandBus) {}

  @Post()
  @Requires('open-ledgers')
  @ApiOperation({
    summary: 'Open a ledger',
    description:
      'The same again answers 200; something different under the same id answers 409. `rules` hold ' +
      'for ever: whether a `reference` is used once only, and how many days before and after its ' +
      'recording a transfer may count.',
  })
  @ApiSuccess(201, EXAMPLE, { revision: 0 })
  @ApiErrors('INVALID_REQUEST', 'INVALID_LEDGER', 'FORBIDDEN', 'LEDGER_EXISTS')
  async open(
    @Body() body: OpenLedgerBody,
    @Caused() causation: Causation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer<LedgerAnswer>> {
    const outcome = await this.bus.execute(new OpenLedgerCommand(openLedgerOf(body), causation));
    const { event, revision, replayed } = recordedOr(outcome);
    reply.status(replayed ? HttpStatus.OK : HttpStatus.CREATED);
    return { data: answerOf(event as LedgerOpened), meta: { revision } };
  }
}

function answerOf({ data }: LedgerOpened): LedgerAnswer {
  const { ledger, name, assets, rules, recordedAt } = data;
  return { id: ledger, name, assets, rules, openedAt: recordedAt };
}
