// How far each generation of the read models is, and how far behind the log.
import {
  type EventAt,
  type EventStore,
  LogChanged,
  type StoredEvent,
} from '../../src/event-store/event-store.js';
import { LEDGER_STREAM_PREFIX } from '../../src/event-store/stream-names.js';
import { READ_MODELS } from '../registry.js';
import { eventAt } from '../engine/checkpoint.js';
import { LOCK_HOLDER, type LockHolder, SESSION_LOCKS } from '../engine/connection.js';
import { type GenerationState, type Pause } from '../engine/generations.js';
import { type ReadModels } from '../engine/queries.js';

/** Events behind are counted up to here; beyond it, "at least so many" is as good an answer. */
export const LAG_COUNTED_MAX = 10_000;
/** How long the log may take to tell; then the lag is not known. */
const LAG_TIMEOUT_MS = 2_000;

export interface ProjectionStatus {
  readonly projection: string;
  readonly generation: number;
  readonly state: GenerationState;
  /** Place of the last event applied; all null before the first. */
  readonly position: string | null;
  readonly ledger: string | null;
  readonly revision: number | null;
  readonly recordedAt: string | null;
  /** Events applied in all. */
  readonly events: number;
  /** Events in the log that are not yet applied, at most LAG_COUNTED_MAX; null when the log does not say. */
  readonly lag: number | null;
  readonly caughtUp: boolean | null;
  /** Where every row was last proven to follow from the log, and when; both null before the first time. */
  readonly verifiedPosition: string | null;
  readonly verifiedAt: string | null;
  /** What the last verification found wrong: 0 when nothing, null before the first. */
  readonly findings: number | null;
  /** Ledgers of which nothing is applied any more, because of an event that cannot be. */
  readonly parkedLanes: number;
  /** Since when, by whom and why nothing is applied; null when something is. */
  readonly paused: Pause | null;
}

interface StatusRow {
  number: number;
  state: GenerationState;
  position: string | null;
  ledger: string | null;
  revision: string | null;
  recorded_at: Date | null;
  events: string;
  scanned_position: string | null;
  scanned_event_id: string;
  event_id: string;
  verified_position: string | null;
  verified_at: Date | null;
  finding_count: number | null;
  parked: number;
  paused_at: Date | null;
  paused_by: string;
  pause_reason: string;
}

/** A generation that is live or being built. */
export interface GenerationProgress extends Omit<
  ProjectionStatus,
  'projection' | 'lag' | 'caughtUp'
> {
  readonly applied: Applied;
}

/** The live generation first. Throws ReadModelsUnavailable. */
export async function generationProgress(readModels: ReadModels): Promise<GenerationProgress[]> {
  const rows = await readModels.rows<StatusRow>(
    `SELECT number, state, position, ledger, revision, recorded_at, events, event_id,
       scanned_position, scanned_event_id, verified_position, verified_at, finding_count,
       paused_at, paused_by, pause_reason,
       (SELECT count(*)::integer FROM daybook.parked_lane WHERE parked_lane.generation = number) AS parked
     FROM daybook.generation JOIN daybook.checkpoint ON checkpoint.generation = number
       LEFT JOIN daybook.verification ON verification.generation = number
     WHERE state <> 'retired' ORDER BY state = 'live' DESC, number`,
    [],
  );
  return rows.map((row) => ({
    generation: row.number,
    state: row.state,
    position: row.position,
    ledger: row.ledger,
    revision: row.revision === null ? null : Number(row.revision),
    recordedAt: row.recorded_at?.toISOString() ?? null,
    events: Number(row.events),
    verifiedPosition: row.verified_position,
    verifiedAt: row.verified_at?.toISOString() ?? null,
    findings: row.finding_count,
    parkedLanes: row.parked,
    paused: pausedIn(row),
    applied: appliedIn(row),
  }));
}

/** One line per read model and generation, the live generation first. Throws ReadModelsUnavailable. */
export async function projectionStatus(
  readModels: ReadModels,
  store: EventStore,
): Promise<ProjectionStatus[]> {
  const generations = await Promise.all(
    (await generationProgress(readModels)).map(async ({ applied, ...progress }) => {
      const lag = await lagBehind(store, applied);
      return { ...progress, lag, caughtUp: lag === null ? null : lag === 0 };
    }),
  );
  return generations.flatMap((generation) =>
    READ_MODELS.map(({ name }) => ({ projection: name, ...generation })),
  );
}

/** Whether a projector holds the lock under which events are applied. Throws ReadModelsUnavailable. */
export async function isProjectorActive(readModels: ReadModels): Promise<boolean> {
  const holder = await projectorLockHolder(readModels);
  return holder !== undefined && !holder.isOutsider;
}

/** Who holds that lock; undefined when nobody does. Throws ReadModelsUnavailable. */
export async function projectorLockHolder(readModels: ReadModels): Promise<LockHolder | undefined> {
  const [holder] = await readModels.rows<LockHolder>(LOCK_HOLDER, [SESSION_LOCKS.activeProjector]);
  return holder;
}

function pausedIn({ paused_at: at, paused_by: actor, pause_reason: reason }: StatusRow) {
  return at && { since: at.toISOString(), actor, reason };
}

/** How far a generation has come in the log. */
export interface Applied {
  readonly last: EventAt | undefined;
  readonly scanned: EventAt | undefined;
}

function appliedIn(row: StatusRow): Applied {
  return {
    last: eventAt(row.position, row.event_id),
    scanned: eventAt(row.scanned_position, row.scanned_event_id),
  };
}

/** Events of ledgers that are in the log and not applied. */
export interface Unapplied {
  /** At most as many as were to be counted. */
  readonly count: number;
  readonly first: StoredEvent | undefined;
}

/** Events of ledgers not applied, counted up to LAG_COUNTED_MAX; null when the log does not tell. */
export async function lagBehind(store: EventStore, applied: Applied): Promise<number | null> {
  return (await unapplied(store, applied, LAG_COUNTED_MAX))?.count ?? null;
}

/** Undefined when the log does not tell within LAG_TIMEOUT_MS. */
export async function unapplied(
  store: EventStore,
  { last: after, scanned }: Applied,
  countedMax: number,
): Promise<Unapplied | undefined> {
  const done = new AbortController();
  const signal = AbortSignal.any([done.signal, AbortSignal.timeout(LAG_TIMEOUT_MS)]);
  let count = 0;
  let first: StoredEvent | undefined;
  try {
    const options = { streamPrefix: LEDGER_STREAM_PREFIX, after, scanned, signal };
    for await (const message of store.subscribe(options)) {
      if (!('kind' in message)) {
        count += 1;
        first ??= message;
      } else if (message.kind === 'caught-up') return { count, first };
      if (count >= countedMax) return { count, first };
    }
    return undefined;
  } catch (error) {
    if (error instanceof LogChanged) return undefined;
    throw error;
  } finally {
    done.abort();
  }
}
