// A connection of one's own, for work that holds session locks or must notice at once that the
// connection is lost.
import { type ClientBase, type Pool } from 'pg';

/** Locks of the whole database, by what holding them means. One of each at a time. */
export const SESSION_LOCKS = { activeProjector: 7_406_001, rebuild: 7_406_002 } as const;

/**
 * Runs `work` on a connection that is closed afterwards, which frees its session locks. The signal is
 * aborted as soon as the connection is lost.
 */
export async function withConnection<T>(
  pool: Pool,
  work: (database: ClientBase, lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  const lost = new AbortController();
  const onError = (error: Error) => lost.abort(error);
  client.on('error', onError);
  try {
    return await work(client, lost.signal);
  } finally {
    client.release(true);
  }
}

/** Whether the lock is held from now on; it is freed with the connection. */
export async function tryLock(database: ClientBase, lock: number): Promise<boolean> {
  const { rows } = await database.query<{ locked: boolean }>(
    'SELECT pg_try_advisory_lock($1) AS locked',
    [lock],
  );
  return rows[0]?.locked === true;
}
