import { Controller, Get } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../identity/requires.js';
import { type Answer } from '../../platform/http/answer.js';
import { ApiErrors, ApiSuccess } from '../../platform/http/openapi.js';
import { type ProjectionAnswer, ProjectionsQuery } from './handler.js';

const EXAMPLE: ProjectionAnswer = {
  projection: 'account',
  generation: 1,
  state: 'live',
  position: '2871',
  recordedAt: '2026-01-15T09:30:00.000Z',
  events: 4,
  lag: 0,
  caughtUp: true,
  verifiedPosition: '2871',
  verifiedAt: '2026-01-15T09:40:00.000Z',
  findings: 0,
  parkedLanes: 0,
  paused: null,
};

@ApiTags('Operation')
@Controller('v1/projections')
export class ProjectionsController {
  constructor(private readonly bus: QueryBus) {}

  @Get()
  @Requires('read')
  @ApiOperation({
    summary: 'How far each read model is',
    description:
      '`lag` counts events in the log that are not applied yet, up to 10,000; null when the event ' +
      'store does not answer. `verifiedPosition` is where every row was last proven to follow from ' +
      'the log; `findings` counts what the last verification found wrong. `parkedLanes` counts ' +
      'ledgers with an event that cannot be applied: they are as they were before it, and everything ' +
      'else goes on. `paused` tells since when, by whom and why nothing is applied.',
  })
  @ApiSuccess(200, [EXAMPLE])
  @ApiErrors('READ_MODEL_UNAVAILABLE')
  list(): Promise<Answer<readonly ProjectionAnswer[]>> {
    return this.bus.execute(new ProjectionsQuery());
  }
}
