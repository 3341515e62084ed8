import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type ReadModels } from '../../../projections/engine/queries.js';
import { type ProjectionStatus, projectionStatus } from '../../../projections/status/queries.js';
import { type EventStore } from '../../event-store/event-store.js';
import { type Answer } from '../../platform/http/answer.js';
import { EVENT_STORE } from '../../platform/injection-tokens.js';
import { READ_MODELS } from '../read-models.js';

/** Without the last event's ledger, which the caller's token may not name. */
export type ProjectionAnswer = Omit<ProjectionStatus, 'ledger' | 'revision'>;

export class ProjectionsQuery extends Query<Answer<readonly ProjectionAnswer[]>> {}

@QueryHandler(ProjectionsQuery)
export class ProjectionsHandler implements IQueryHandler<ProjectionsQuery> {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  async execute(): Promise<Answer<readonly ProjectionAnswer[]>> {
    const statuses = await projectionStatus(this.readModels, this.store);
    return { data: statuses.map(projectionAnswer) };
  }
}

function projectionAnswer(status: ProjectionStatus): ProjectionAnswer {
  const { projection, generation, state, position, recordedAt, events, lag, caughtUp } = status;
  const { verifiedPosition, verifiedAt, findings, parkedLanes, paused } = status;
  return {
    ...{ projection, generation, state, position, recordedAt, events, lag, caughtUp },
    ...{ verifiedPosition, verifiedAt, findings, parkedLanes, paused },
  };
}
