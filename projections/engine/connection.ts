// A connection of one's own, for work that holds session locks or must notice at once that the
// connection is lost.
import { type ClientBase, DatabaseError, type Pool } from 'pg';

/** Locks of the whole database, by what holding them means. One of each at a time. */
export const SESSION_LOCKS = {
  activeProjector: 7_406_001,
  rebuild: 7_406_002,
  verifier: 7_406_003,
} as const;

/** Who holds a lock under a lease says something at least this often, in milliseconds. */
export const LEASE_SIGN_MS = 1_000;
/** And is taken for dead by Postgres after this: its session is ended, which frees its locks. */
const LEASE_MS = 3_000;

/** Settings of a session, in the server's own units, under which it does not outlive its process for long. */
const LEASE_SETTINGS = {
  // A process that is stopped, or hangs, keeps its connection: only its silence gives it away.
  idle_session_timeout: LEASE_MS,
  // A host that is gone says nothing at all, not even that: the kernel of the server has to ask.
  tcp_keepalives_idle: 1,
  tcp_keepalives_interval: 1,
  tcp_keepalives_count: 2,
  // While a statement runs, nobody else would look.
  client_connection_check_interval: LEASE_SIGN_MS,
} as const;

/** From now on the session ends, and with it its locks, when its process says nothing for LEASE_MS. */
export async function beginLease(database: ClientBase): Promise<void> {
  const settings = Object.entries(LEASE_SETTINGS);
  await database.query(
    'SELECT set_config(name, value, false) FROM unnest($1::text[], $2::text[]) AS lease (name, value)',
    [settings.map(([name]) => name), settings.map(([, value]) => String(value))],
  );
}

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

/**
 * Whether the lock is held from now on; it is freed with the connection. Every role of the database can
 * take it, one that may only read as well: whoever has no business with Daybook's own tables does not
 * keep Daybook from its work by that. What the locks are for would be right without them, only slower.
 */
export async function tryLock(database: ClientBase, lock: number): Promise<boolean> {
  const { rows } = await database.query<{ locked: boolean }>(
    'SELECT pg_try_advisory_lock($1) AS locked',
    [lock],
  );
  if (rows[0]?.locked) return true;
  const holders = await database.query<LockHolder>(LOCK_HOLDER, [lock]);
  return holders.rows[0]?.isOutsider ?? false;
}

/** Who holds a lock. */
export interface LockHolder {
  readonly role: string;
  readonly pid: number;
  /** Not a process of Daybook: a role that may not even look for its tables. */
  readonly isOutsider: boolean;
}

/** The SQL for a LockHolder, or no row; $1 is the lock. */
export const LOCK_HOLDER = `
  SELECT usename AS role, pid, NOT has_schema_privilege(usesysid, 'daybook', 'USAGE') AS "isOutsider"
  FROM pg_locks JOIN pg_stat_activity USING (pid)
  WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = $1 AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** Frees a lock at once: with the connection it would be freed a moment after that is closed. */
export async function unlock(database: ClientBase, lock: number): Promise<void> {
  await database.query('SELECT pg_advisory_unlock($1)', [lock]);
}

/** Of a lock or a statement that took too long, and of a deadlock. */
const BUSY_SQLSTATES = new Set(['55P03', '57014', '40P01']);

/** Whether somebody else was in the way: worth trying again. */
export function isBusy(error: unknown): boolean {
  return error instanceof DatabaseError && BUSY_SQLSTATES.has(error.code ?? '');
}
