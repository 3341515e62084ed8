// Answers of read models say what they reflect. Who needs an answer that reflects what he did himself
// names the revision he was told, and waits for it, for a while.
import {
  type LedgerAnswer,
  type LedgerQuestion,
  type ReadModels,
  askLedger,
} from '../../projections/engine/queries.js';
import { revisionsOf } from '../../projections/ledger/queries.js';
import { parkedLane } from '../../projections/parked/queries.js';
import { type EventStore } from '../event-store/event-store.js';
import { ApiError, ledgerNotFound } from '../platform/http/api-error.js';
import { within } from '../platform/time-limit.js';
import { Arrivals } from './arrivals.js';
import { newestEvent } from './ledger-log.js';

/** How long a query waits for a revision. */
const REVISION_WAIT_MAX_MS = 5_000;
/** How long the log may take to tell how far a ledger is; then it is not known. */
const LOG_TIMEOUT_MS = 1_000;

/** Read models that can be waited for, and the log that they follow. */
export interface AwaitedReadModels extends ReadModels {
  readonly arrivals: Arrivals;
  readonly store: EventStore;
}

export function awaitedReadModels(readModels: ReadModels, store: EventStore): AwaitedReadModels {
  const arrivals = new Arrivals((ledgers) => revisionsOf(readModels, ledgers));
  return { ...readModels, arrivals, store };
}

/**
 * The answer, once it reflects `minRevision`. Throws ApiError LEDGER_NOT_FOUND, or READ_MODEL_BEHIND when
 * the revision does not come in time; ReadModelsUnavailable.
 */
export async function askReflecting<Row>(
  readModels: AwaitedReadModels,
  ledger: string,
  question: LedgerQuestion,
  minRevision?: number,
): Promise<LedgerAnswer<Row>> {
  const now = await askLedger<Row>(readModels, ledger, question);
  if (minRevision === undefined) {
    if (now) return now;
    throw ledgerNotFound();
  }
  if (now && now.revision >= minRevision) return now;
  // A ledger that is new may not be here yet; one that nobody opened never will be.
  if (!now && (await lastRevision(readModels.store, ledger)) === 'none') throw ledgerNotFound();
  // What is parked does not come by waiting.
  const isParked = now !== undefined && now.staleSince !== null;
  if (!isParked) await readModels.arrivals.of(ledger, minRevision, REVISION_WAIT_MAX_MS);
  const then = await askLedger<Row>(readModels, ledger, question);
  if (then && then.revision >= minRevision) return then;
  throw await behind(readModels, ledger, { minRevision, revision: then?.revision });
}

async function behind(
  readModels: AwaitedReadModels,
  ledger: string,
  { minRevision, revision = -1 }: { minRevision: number; revision: number | undefined },
): Promise<ApiError> {
  const parked = await parkedLane(readModels, ledger);
  const last = await lastRevision(readModels.store, ledger);
  const logRevision = typeof last === 'number' ? last : null;
  const missing = minRevision - revision;
  const end =
    logRevision !== null && logRevision < minRevision
      ? ` The ledger itself ends at revision ${logRevision}.`
      : '';
  const message = parked
    ? `The ledger is parked at revision ${parked.revision}: ${parked.reason}`
    : `The read model is not at revision ${minRevision} yet; events missing: ${missing}.${end}`;
  const reached = revision < 0 ? null : revision;
  const details = { minRevision, revision: reached, missing, logRevision };
  return new ApiError('READ_MODEL_BEHIND', message, {
    details: { ...details, ...(parked && { parked }) },
  });
}

async function lastRevision(
  store: EventStore,
  ledger: string,
): Promise<number | 'none' | 'unknown'> {
  try {
    return (await within(LOG_TIMEOUT_MS, newestEvent(store, ledger)))?.revision ?? 'none';
  } catch {
    return 'unknown';
  }
}

/** The meta of an answer from the read models. */
export function metaOf({ revision, position, staleSince }: LedgerAnswer<unknown>) {
  return { revision, position, ...(staleSince !== null && { staleSince }) };
}
