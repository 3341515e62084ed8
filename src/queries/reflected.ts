// Answers of read models say what they reflect. Who needs an answer that reflects what he did himself
// names the revision he was told, and waits for it, for a while.
import { setTimeout as delay } from 'node:timers/promises';
import {
  type LedgerAnswer,
  type LedgerQuestion,
  type ReadModels,
  askLedger,
} from '../../projections/engine/queries.js';
import { type ParkedLane, parkedLane } from '../../projections/parked/queries.js';
import { ApiError, ledgerNotFound } from '../platform/http/api-error.js';

/** How long a query waits for a revision. */
const REVISION_WAIT_MAX_MS = 5_000;
/** How often it looks meanwhile. */
const REVISION_WAIT_STEP_MS = 20;

/**
 * The answer, once it reflects `minRevision`. Throws ApiError LEDGER_NOT_FOUND, or READ_MODEL_BEHIND when
 * the revision does not come in time; ReadModelsUnavailable.
 */
export async function askReflecting<Row>(
  readModels: ReadModels,
  ledger: string,
  question: LedgerQuestion,
  minRevision?: number,
): Promise<LedgerAnswer<Row>> {
  const deadline = performance.now() + REVISION_WAIT_MAX_MS;
  for (;;) {
    const answer = await askLedger<Row>(readModels, ledger, question);
    if (minRevision === undefined) {
      if (answer) return answer;
      throw ledgerNotFound();
    }
    if (answer && answer.revision >= minRevision) return answer;
    // What is parked does not come by waiting.
    const isParked = answer !== undefined && answer.staleSince !== null;
    if (isParked || performance.now() >= deadline) {
      throw behind(minRevision, answer?.revision ?? null, await parkedLane(readModels, ledger));
    }
    await delay(REVISION_WAIT_STEP_MS);
  }
}

function behind(
  minRevision: number,
  revision: number | null,
  parked: ParkedLane | undefined,
): ApiError {
  const message = parked
    ? `The ledger is parked at revision ${parked.revision}: ${parked.reason}`
    : `The read model did not reach revision ${minRevision} within ${REVISION_WAIT_MAX_MS} ms.`;
  const details = { minRevision, revision, ...(parked && { parked }) };
  return new ApiError('READ_MODEL_BEHIND', message, { details });
}

/** The meta of an answer from the read models. */
export function metaOf({ revision, position, staleSince }: LedgerAnswer<unknown>) {
  return { revision, position, ...(staleSince !== null && { staleSince }) };
}
