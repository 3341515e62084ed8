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
import { ClosePeriodBody } from './dto.js';

const EXAMPLE: PeriodsAnswer = { ledger: 'demo', closedThrough: '2026-06-30' };

@ApiTags('Ledgers')
@Controller('v1/ledgers/:ledger/periods')
export class ClosePeriodController {
  constructor(private readonly bus: CommandBus) {}

  @Post('close')
  @HttpCode(HttpStatus.OK)
  @Requires('close-periods')
  @ApiLedgerParam()
  @ApiOperation({
    summary: 'Close all days up to one',
    description:
      'From now on transfers and captures whose `effectiveAt` is on such a day (UTC) are refused. ' +
      'Only days that are over can be closed. Days that are closed stay closed: naming an earlier ' +
      'one changes nothing.',
  })
  @ApiSuccess(200, EXAMPLE, { revision: 9 })
  @ApiErrors('INVALID_REQUEST', 'INVALID_PERIOD', 'FORBIDDEN', 'LEDGER_NOT_FOUND')
  async close(
    @LedgerParam() ledger: string,
    @Body() { through, reason }: ClosePeriodBody,
    @Caused() causation: Causation,
  ): Promise<Answer<PeriodsAnswer>> {
    const command = { type: 'ClosePeriod' as const, through, reason, now: utcNow() };
    const now = await this.bus.execute(new SubmitPeriodCommand(ledger, command, causation));
    return periodsAnswer(ledger, now);
  }
}
