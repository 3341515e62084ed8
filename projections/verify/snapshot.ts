// One moment of the live generation: everything read in it belongs to the same position of the log.
import { type ClientBase, type Pool } from 'pg';
import { type RecordedEvent } from '../../src/event-store/codec.js';
import { type Checkpoint, readCheckpoint } from '../engine/checkpoint.js';
import { withConnection } from '../engine/connection.js';
import { schemaOf } from '../engine/generations.js';
import { type StoredGeneration } from './rows/stored-rows.js';

export interface Snapshot extends StoredGeneration {
  readonly checkpoint: Checkpoint;
  /** Whether an event has led to rows by then. */
  readonly isApplied: (recorded: RecordedEvent) => boolean;
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
    const parked = await parkedRevisions(database, generation);
    const isApplied = ({ position, ledger, revision }: RecordedEvent) =>
      !!last && position <= last.position && revision < (parked.get(ledger) ?? Infinity);
    return { schema: schemaOf(generation), checkpoint, isApplied };
  }
  throw new NothingProjected('There are no read models yet: start the projector.');
}

/** By ledger, the first event that is not applied because something in it cannot be. */
async function parkedRevisions(
  database: ClientBase,
  generation: number,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await database.query<{ ledger: string; revision: string }>(
    'SELECT ledger, revision FROM daybook.parked_lane WHERE generation = $1',
    [generation],
  );
  return new Map(rows.map(({ ledger, revision }) => [ledger, Number(revision)]));
}
