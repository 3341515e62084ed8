// Parked lanes, as operators and callers ask about them, and the request to try them again.
import { type Pool } from 'pg';
import { type ParkingCategory } from '../engine/lanes.js';
import { type ReadModels, utc } from '../engine/queries.js';

/** A ledger of the live generation that is parked. */
export interface ParkedLane {
  readonly ledger: string;
  readonly category: ParkingCategory;
  /** What is wrong with the event, in words. */
  readonly reason: string;
  readonly eventType: string;
  /** Place of the event that could not be applied; all before it is. */
  readonly revision: number;
  readonly position: string;
  readonly eventId: string;
  readonly staleSince: string;
}

const PARKED = `SELECT ledger, category, reason, event_type AS "eventType", revision::float8, position,
    event_id AS "eventId", ${utc('stale_since')} AS "staleSince"
  FROM reporting.parked_lane`;

/** In the order of their ids. Throws ReadModelsUnavailable. */
export function parkedLanes(readModels: ReadModels): Promise<ParkedLane[]> {
  return readModels.rows<ParkedLane>(`${PARKED} ORDER BY ledger`, []);
}

/** Undefined unless the ledger is parked. Throws ReadModelsUnavailable. */
export async function parkedLane(
  readModels: ReadModels,
  ledger: string,
): Promise<ParkedLane | undefined> {
  const [lane] = await readModels.rows<ParkedLane>(`${PARKED} WHERE ledger = $1`, [ledger]);
  return lane;
}

/** Asks the projector to try these lanes again, or all; answers with the ledgers that are parked. */
export async function requestRetry(
  pool: Pool,
  ledgers: readonly string[] | 'all',
): Promise<string[]> {
  const { rows } = await pool.query<{ ledger: string }>(
    `UPDATE daybook.parked_lane SET retry_requested = true FROM daybook.generation
     WHERE number = generation AND state = 'live' AND ($1::text[] IS NULL OR ledger = ANY($1))
     RETURNING ledger`,
    [ledgers === 'all' ? null : ledgers],
  );
  return rows.map(({ ledger }) => ledger).toSorted();
}

/** Which of these lanes the projector has not come to yet. */
export async function retriesOutstanding(
  pool: Pool,
  ledgers: readonly string[],
): Promise<string[]> {
  const { rows } = await pool.query<{ ledger: string }>(
    `SELECT ledger FROM daybook.parked_lane JOIN daybook.generation ON number = generation
     WHERE state = 'live' AND retry_requested AND ledger = ANY($1)`,
    [ledgers],
  );
  return rows.map(({ ledger }) => ledger);
}
