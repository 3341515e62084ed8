import { type ClientBase, type Pool } from 'pg';

/** Runs `work` on one connection. It is closed after a failure, which ends what was begun on it. */
export async function onConnection<T>(
  pool: Pool,
  work: (database: ClientBase) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  // A connection that is lost between two statements surfaces as the failure of the next one.
  const ignore = () => undefined;
  client.on('error', ignore);
  let failed = true;
  try {
    const result = await work(client);
    failed = false;
    return result;
  } finally {
    client.off('error', ignore);
    client.release(failed);
  }
}
