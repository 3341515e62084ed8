// Drops generations, tables and all, without ending a query that still reads them: who began to read before a
// swap reads on, and the tables are dropped when nobody does any more.
import { type ClientBase } from 'pg';
import { backoff } from '../../src/platform/backoff.js';
import { type Cause, recordChange } from './changes.js';
import { isBusy } from './connection.js';
import { inTransaction, schemaOf } from './generations.js';

/**
 * How long a table is waited for, and those who want to read it wait behind. Much less than the second
 * after which Postgres looks for deadlocks, so that it never ends a query instead of the drop.
 */
const TABLE_LOCK_TIMEOUT_MS = 100;
const ATTEMPTS_MAX = 12;
const BACKOFF = { baseMs: 100, maxMs: 1_000 };

/** Tables of a generation that is dropped are still read. They go with the next drop. */
export class TablesInUse extends Error {
  override readonly name = 'TablesInUse';
}

/** Drops a generation that is not the live one. Throws TablesInUse; it is nobody's any more then. */
export async function dropGeneration(
  database: ClientBase,
  generation: number,
  cause: Cause,
): Promise<void> {
  const isGone = await inTransaction(database, async () => {
    const { rowCount } = await database.query(
      `DELETE FROM daybook.generation WHERE number = $1 AND state <> 'live'`,
      [generation],
    );
    if (rowCount !== 0) await recordChange(database, generation, 'dropped', cause);
    return rowCount !== 0;
  });
  if (isGone) await dropLeftTables(database);
}

/**
 * Drops the tables of generations that are gone: after their checkpoints, so that nobody is about to write
 * to them. What is left when this is interrupted goes the next time. Throws TablesInUse.
 */
export async function dropLeftTables(database: ClientBase): Promise<void> {
  const { rows } = await database.query<{ generation: number }>(
    `SELECT DISTINCT generation FROM daybook.generation_change
     WHERE change = 'dropped' AND to_regnamespace('rm_' || generation) IS NOT NULL`,
  );
  for (const { generation } of rows) await dropTables(database, generation);
}

async function dropTables(database: ClientBase, generation: number): Promise<void> {
  for (let failures = 0; ;) {
    try {
      return await inTransaction(database, async () => {
        await database.query(`SET LOCAL lock_timeout = ${TABLE_LOCK_TIMEOUT_MS}`);
        await database.query(`DROP SCHEMA IF EXISTS ${schemaOf(generation)} CASCADE`);
      });
    } catch (error) {
      failures += 1;
      if (!isBusy(error)) throw error;
      if (failures >= ATTEMPTS_MAX) throw await tablesInUse(database, generation, error);
      await backoff(failures, BACKOFF, new AbortController().signal);
    }
  }
}

async function tablesInUse(
  database: ClientBase,
  generation: number,
  cause: unknown,
): Promise<TablesInUse> {
  const { rows } = await database.query<{ reader: string }>(
    `SELECT DISTINCT format('process %s of %s, since %s', pid, usename, date_trunc('second', xact_start))
       AS reader
     FROM pg_locks JOIN pg_stat_activity USING (pid) JOIN pg_class ON pg_class.oid = relation
     WHERE relnamespace = to_regnamespace($1) ORDER BY reader`,
    [schemaOf(generation)],
  );
  const readers = rows.map(({ reader }) => reader).join('; ') || 'nobody by now';
  return new TablesInUse(
    `Generation ${generation} is dropped, but its tables are still being read (${readers}): they are ` +
      'left until that ends; run "daybook projections drop --retired" then.',
    { cause },
  );
}
