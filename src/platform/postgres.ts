// Every connection to Postgres is made here, so that each has a time limit, a name in
// pg_stat_activity and somebody who listens when the server goes away.
import pg from 'pg';
import { type Logger } from './logger.js';

export const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;
/** The client gives up a little after the server should have, for a server that fell silent. */
export const SILENCE_MARGIN_MS = 5_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;
const POOL_SIZE = 10;
/** Times come back as the driver reads them, whatever the database or the role is set to. */
const SESSION_SETTINGS = '-c DateStyle=ISO -c TimeZone=UTC';

export interface PoolOptions {
  databaseUrl: string;
  /** Shown in pg_stat_activity, such as `daybook-api`. */
  applicationName: string;
  logger: Logger;
  /** Connections at most; callers beyond it wait, at most CONNECT_TIMEOUT_MS. */
  size?: number;
  /** How long one statement may run on the server. */
  statementTimeoutMs?: number;
}

/** A bounded pool. It connects on first use; a lost connection is logged and replaced on demand. */
export function createPool(options: PoolOptions): pg.Pool {
  const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    application_name: options.applicationName,
    options: SESSION_SETTINGS,
    max: options.size ?? POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + SILENCE_MARGIN_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
  });
  // Without a listener, the loss of an idle connection would end the process.
  pool.on('error', (error) => {
    // The error itself carries the whole client, and with it the key to cancel its queries.
    const { message, code } = error as NodeJS.ErrnoException;
    options.logger.warn({ reason: message, code }, 'lost an idle connection to Postgres');
  });
  return pool;
}
