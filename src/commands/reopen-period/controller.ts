import { Body, Controller, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Causation } from '../../event-store/codec.js';
import { Requires } from '../../identity/requires.js';
import { utcNow } from '../../platform/clock.js';
import { type Answer } from '../../platform/http/answer.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import { ApiLedgerParam, LedgerParam } from '../../platform/http/path-params.js';
import { Caused } from '../causation.js';
import { type PeriodsAnswer, periodsAnswer } from '../periods-answer.js';
import { SubmitPeriodCommand } from '../submit-period-command.js';
import { ReopenPeriodBody } from './dto.js';

const EXAMPLE: PeriodsAnswer = { ledger: 'demo', closedThrough: '2026-05-31' };

@ApiTags('Ledgers')
@Controller('v1/ledgers/:ledger/periods')
export class ReopenPeriodController {
  constructor(private readonly bus: CommandBus) {}

  @Post('reopen')
  @HttpCode(HttpStatus.OK)
  @Requires('reopen-periods')
  @ApiLedgerParam()
  @ApiOperation({
    summary: 'Open closed days again',
    description:
      'All days after `closedThrough`, or with null all days. Who did it, and why, stays in the ' +
      'audit trail.',
  })
  @ApiSuccess(200, EXAMPLE, { revision: 10 })
  @ApiErrors('INVALID_REQUEST', 'INVALID_PERIOD', 'FORBIDDEN', 'LEDGER_NOT_FOUND')
  async reopen(
    @LedgerParam() ledger: string,
    @Body() { closedThrough, reason }: ReopenPeriodBody,
    @Caused() causation: Causation,
  ): Promise<Answer<PeriodsAnswer>> {
    const command = { type: 'ReopenPeriod' as const, closedThrough, reason, now: utcNow() };
    const now = await this.bus.execute(new SubmitPeriodCommand(ledger, command, causation));
    return periodsAnswer(ledger, now);
  }
}
