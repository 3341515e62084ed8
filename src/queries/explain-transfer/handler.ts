import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type LedgerWriters } from '../../commands/ledger-writer/ledger-writers.js';
import { type Explanation, explain } from '../../domain/ledger/explain.js';
import { type EventStore } from '../../event-store/event-store.js';
import { type Answer } from '../../platform/http/answer.js';
import { ApiError, ledgerNotFound } from '../../platform/http/api-error.js';
import { EVENT_STORE, LEDGER_WRITERS } from '../../platform/injection-tokens.js';
import { transferNotFound } from '../not-found.js';
import { OneAtATime, TooManyWait } from '../one-at-a-time.js';
import { type DecisionPlace, TooLong, recordedDecision } from './recorded-decision.js';

/** Explanations that are asked for at once in one process; they are made one after the other. */
const EXPLANATIONS_MAX = 10;
/** From the question to the answer, waiting included. */
const EXPLANATION_MAX_MS = 20_000;

export class ExplainTransferQuery extends Query<Answer<Explanation>> {
  constructor(
    readonly ledger: string,
    /** Of a transfer, a batch, or an act on a transfer. */
    readonly id: string,
  ) {
    super();
  }
}

@QueryHandler(ExplainTransferQuery)
export class ExplainTransferHandler implements IQueryHandler<ExplainTransferQuery> {
  private readonly turns = new OneAtATime(EXPLANATIONS_MAX);

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(LEDGER_WRITERS) private readonly writers: LedgerWriters,
  ) {}

  async execute({ ledger, id }: ExplainTransferQuery): Promise<Answer<Explanation>> {
    const deadline = performance.now() + EXPLANATION_MAX_MS;
    const current = await this.writers.current(ledger);
    if (!current.header) throw ledgerNotFound();
    const revision = current.decidedAt.get(id);
    if (revision === undefined) throw transferNotFound(id);
    const data = await this.explained(id, { ledger, revision, deadline });
    return { data, meta: { revision: current.revision } };
  }

  private async explained(id: string, place: DecisionPlace): Promise<Explanation> {
    try {
      const decision = await this.turns.run(() => recordedDecision(this.store, place));
      return explain(decision.state, decision.event, id);
    } catch (error) {
      if (!(error instanceof TooManyWait) && !(error instanceof TooLong)) throw error;
      const message = 'The decision cannot be explained now.';
      throw new ApiError('EXPLANATION_UNAVAILABLE', message, { cause: error });
    }
  }
}
