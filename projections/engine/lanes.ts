// A lane is a ledger. One with an event that cannot be applied is parked: nothing of it is applied from
// there on, its rows stay as they were, and everything else goes on. Nothing is ever skipped: the lane is
// taken up again at the very event that parked it.
import { type ClientBase, DatabaseError } from 'pg';
import { InvariantViolation } from '../../src/domain/errors.js';
import { UnreadableEvent, type Unreadability } from '../../src/event-store/codec.js';
import { type StoredEvent } from '../../src/event-store/event-store.js';
import { ledgerOfStream } from '../../src/event-store/stream-names.js';
import { MissingEvents } from '../books/violation.js';

/** Why a lane is parked; stored under these names. */
export type ParkingCategory =
  | Unreadability
  /** Events of the ledger before this one are missing. */
  | 'contiguity'
  /** The event cannot follow from what went before: a rule of the books is broken. */
  | 'invariant'
  /** Postgres finds that the rows contradict those that are there, or cannot be rows. */
  | 'db_permanent';

export interface Parking {
  readonly ledger: string;
  readonly category: ParkingCategory;
  /** The event that cannot be applied. */
  readonly event: StoredEvent;
  /** What is wrong with it, in words. */
  readonly reason: string;
}

/** Reasons are told in words; some errors bring along whole statements. */
const REASON_CHARACTERS_MAX = 1_000;

export function parking(event: StoredEvent, error: unknown): Parking {
  const message = error instanceof Error ? error.message : String(error);
  const detail = error instanceof DatabaseError && error.detail ? ` ${error.detail}` : '';
  return {
    ledger: laneOf(event),
    category: categoryOf(error),
    event,
    reason: storable(message + detail).slice(0, REASON_CHARACTERS_MAX),
  };
}

/** Under which name the ledger of an event is parked. */
export function laneOf({ stream }: StoredEvent): string {
  return storable(ledgerOfStream(stream));
}

// Postgres has no text with the character zero in it, and what is damaged may have any.
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}

function categoryOf(error: unknown): ParkingCategory {
  if (error instanceof UnreadableEvent) return error.category;
  if (error instanceof MissingEvents) return 'contiguity';
  if (error instanceof InvariantViolation) return 'invariant';
  if (error instanceof DatabaseError) return 'db_permanent';
  // What is written in it is not what its type says, so that the books stumble on it.
  return 'corrupt_payload';
}

/** Classes of SQLSTATE that speak of the data written: no value of its column, or against a constraint. */
const CONTRADICTIONS = /^(22|23)/;

/** Whether Postgres objects to what is written, and would again. */
export function isContradiction(error: unknown): boolean {
  return error instanceof DatabaseError && CONTRADICTIONS.test(error.code ?? '');
}

/** The ledgers that are parked. */
export async function readParkedLanes(
  database: ClientBase,
  generation: number,
): Promise<Set<string>> {
  const { rows } = await database.query<{ ledger: string }>(
    'SELECT ledger FROM daybook.parked_lane WHERE generation = $1',
    [generation],
  );
  return new Set(rows.map(({ ledger }) => ledger));
}

/** The parked ledgers that an operator wants tried again. */
export async function retriesRequested(
  database: ClientBase,
  generation: number,
): Promise<readonly string[]> {
  const { rows } = await database.query<{ ledger: string }>(
    `SELECT ledger FROM daybook.parked_lane WHERE generation = $1 AND retry_requested
     ORDER BY ledger`,
    [generation],
  );
  return rows.map(({ ledger }) => ledger);
}

/** What becomes of lanes together with a checkpoint. */
export interface LaneChanges {
  readonly parked: readonly Parking[];
  /** Ledgers that go on with the others. */
  readonly resumed: readonly string[];
}

/** Parts of the statement that moves the checkpoint, named `advanced`, with their first parameter. */
export function changeLanes(firstParameter: number): string {
  const parameter = (index: number, type: string) => `$${firstParameter + index}::${type}[]`;
  const columns = ['text', 'text', 'uuid', 'text', 'bigint', 'bigint', 'text', 'timestamptz'];
  return `, parked AS (
    INSERT INTO daybook.parked_lane (generation, ledger, category, event_id, event_type, revision,
      position, reason, stale_since)
    SELECT advanced.generation, lane.* FROM advanced,
      unnest(${columns.map((type, index) => parameter(index, type)).join(', ')}) AS lane
    ON CONFLICT (generation, ledger) DO UPDATE SET category = EXCLUDED.category,
      event_id = EXCLUDED.event_id, event_type = EXCLUDED.event_type, revision = EXCLUDED.revision,
      position = EXCLUDED.position, reason = EXCLUDED.reason, stale_since = EXCLUDED.stale_since,
      retry_requested = false
  ), resumed AS (
    DELETE FROM daybook.parked_lane USING advanced
    WHERE parked_lane.generation = advanced.generation
      AND ledger = ANY(${parameter(columns.length, 'text')})
  )`;
}

/** The values of the parameters of `changeLanes`. */
export function laneParameters({ parked, resumed }: LaneChanges): unknown[] {
  return [
    parked.map(({ ledger }) => ledger),
    parked.map(({ category }) => category),
    parked.map(({ event }) => event.id),
    parked.map(({ event }) => storable(event.type)),
    parked.map(({ event }) => event.revision),
    parked.map(({ event }) => event.position.toString()),
    parked.map(({ reason }) => reason),
    parked.map(({ event }) => event.created.toISOString()),
    resumed,
  ];
}

/** How many there are. */
export const LANE_PARAMETERS = laneParameters({ parked: [], resumed: [] }).length;
