// One moment of the live generation: everything read in it belongs to the same position of the log.
import { type ClientBase, type Pool } from 'pg';
import { type RecordedEvent } from '../../src/event-store/codec.js';
import { type EventAt } from '../../src/event-store/event-store.js';
import { type Checkpoint, readCheckpoint } from '../engine/checkpoint.js';
import { withConnection } from '../engine/connection.js';
import { schemaOf } from '../engine/generations.js';
import { type StoredGeneration } from './rows/stored-rows.js';

export interface Snapshot extends StoredGeneration {
  readonly checkpoint: Checkpoint;
  readonly parked: readonly ParkedLane[];
  /** Whether an event has led to rows by then. */
  readonly isApplied: (recorded: RecordedEvent) => boolean;
}

/** A ledger with an event that cannot be applied: nothing of it is, from there on. */
export interface ParkedLane extends EventAt {
  readonly ledger: string;
  readonly revision: number;
  readonly type: string;
  /** When the event was recorded. */
  readonly staleSince: string;
}

/** There is no live generation yet. */
export class NothingProjected extends Error {
  override readonly name = 'NothingProjected';
}

/** Throws NothingProjected, or what Postgres says. */
export async function inSnapshot<T>(
  pool: Pool,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  return withConnection(pool, async (database) => {
    await database.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // Meanwhile the log is read, which may take long.
    await database.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    // The connection is closed afterwards, and the transaction with it.
    return work({ database, ...(await liveGeneration(database)) });
  });
}

async function liveGeneration(database: ClientBase): Promise<Omit<Snapshot, 'database'>> {
  const { rows } = await database.query<{ number: number }>(
    `SELECT number FROM daybook.generation WHERE state = 'live'`,
  );
  const checkpoint = rows[0] && (await readCheckpoint(database, rows[0].number));
  if (checkpoint) {
    const { last, generation } = checkpoint;
    const parked = await parkedLanes(database, generation);
    const firstParked = new Map(parked.map(({ ledger, revision }) => [ledger, revision]));
    const isApplied = ({ position, ledger, revision }: RecordedEvent) =>
      !!last && position <= last.position && revision < (firstParked.get(ledger) ?? Infinity);
    return { schema: schemaOf(generation), checkpoint, parked, isApplied };
  }
  throw new NothingProjected('There are no read models yet: start the projector.');
}

interface ParkedLaneRow {
  ledger: string;
  revision: string;
  position: string;
  event_id: string;
  event_type: string;
  stale_since: Date;
}

async function parkedLanes(database: ClientBase, generation: number): Promise<ParkedLane[]> {
  const { rows } = await database.query<ParkedLaneRow>(
    `SELECT ledger, revision, position, event_id, event_type, stale_since
     FROM daybook.parked_lane WHERE generation = $1 ORDER BY ledger`,
    [generation],
  );
  return rows.map(({ ledger, revision, position, event_id: id, event_type: type, ...row }) => ({
    ...{ ledger, revision: Number(revision), position: BigInt(position), id, type },
    staleSince: row.stale_since.toISOString(),
  }));
}
