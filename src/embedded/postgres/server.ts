// Runs one Postgres on one cluster folder: on the loopback address only, every connection by
// password, durable as Postgres is by default.
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { settlesWithin } from '../../platform/time-limit.js';
import { folderArgument, SUPERUSER, type Cluster } from './cluster.js';

const DATABASE = 'daybook';
const HOST = '127.0.0.1';
/** Crash recovery replays the log first, which may take a while after heavy writing. */
const START_TIMEOUT_MS = 120_000;
const FAST_SHUTDOWN_TIMEOUT_MS = 20_000;
const IMMEDIATE_SHUTDOWN_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 2_000;
const QUERY_TIMEOUT_MS = 30_000;
const POLL_MS = 20;
const CONNECTIONS_MAX = 60;

export interface Server {
  /** Fast shutdown: running transactions are rolled back, everything committed stays. */
  stop(): Promise<void>;
  /** Resolves when the server ended and nobody had asked it to. */
  failed: Promise<Error>;
}

/** Starts the server and returns once the database `daybook` accepts connections. */
export async function startServer(cluster: Cluster, port: number): Promise<Server> {
  const child = spawn(cluster.binaries.postgres, serverArguments(cluster, port), {
    ...cluster.user,
    cwd: cluster.folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  let stopping = false;
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`ended with ${code ?? signal}`));
  });
  const stop = async (): Promise<void> => {
    stopping = true;
    await shutDown(child, ended);
  };
  try {
    await ready(cluster, port, ended);
  } catch (error) {
    await stop();
    throw error;
  }
  const failed = ended.then((how) =>
    stopping ? new Promise<never>(() => undefined) : new Error(`Postgres ${how}.`),
  );
  return { stop, failed };
}

/** The address of the embedded database, password included. */
export function databaseUrl(port: number, password: string, database = DATABASE): string {
  return `postgres://${SUPERUSER}:${encodeURIComponent(password)}@${HOST}:${port}/${database}`;
}

function serverArguments(cluster: Cluster, port: number): string[] {
  const settings = {
    listen_addresses: HOST,
    port,
    unix_socket_directories: '',
    max_connections: CONNECTIONS_MAX,
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
  };
  const folder = folderArgument(cluster.folder, cluster.user);
  return ['-D', folder, ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])];
}

// A connection that works is the proof; what the log says depends on the language of the system.
async function ready(cluster: Cluster, port: number, ended: Promise<string>): Promise<void> {
  let how: string | undefined;
  void ended.then((text) => (how = text));
  const deadline = AbortSignal.timeout(START_TIMEOUT_MS);
  let last: unknown;
  while (!deadline.aborted) {
    if (how !== undefined) throw new Error(`Postgres ${how} while starting.`);
    try {
      await ensureDatabase(databaseUrl(port, cluster.password, 'postgres'));
      return;
    } catch (error) {
      last = error;
    }
    await sleep(POLL_MS);
  }
  throw new Error(`Postgres accepts no connection: ${String(last)}`, { cause: last });
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

async function shutDown(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGINT');
  if (await settlesWithin(FAST_SHUTDOWN_TIMEOUT_MS, ended)) return;
  // The next start recovers from its log, as after a power cut.
  child.kill('SIGQUIT');
  if (await settlesWithin(IMMEDIATE_SHUTDOWN_TIMEOUT_MS, ended)) return;
  child.kill('SIGKILL');
  await ended;
}
