// Brings a database to the shape this code expects: the files of migrations/, in the order of
// their numbers, each once, all or none, under a lock that lets only one process migrate at a time.
// Forward only. A database that is ahead of this code is refused and left untouched.
import { readFile } from 'node:fs/promises';
import { PG_MIGRATE_LOCK_ID, runner } from 'node-pg-migrate';
import pg from 'pg';
import { Failure } from './failure.js';
import {
  APPLIED_MIGRATIONS,
  MIGRATION_SCHEMA,
  MIGRATION_TABLE,
  migrationNames,
  migrationsFolder,
} from './migration-files.js';
import { CONNECT_TIMEOUT_MS, SILENCE_MARGIN_MS } from './postgres.js';

/** How long to wait for another process that migrates, and for locks that readers hold. */
const MIGRATION_LOCK_TIMEOUT_MS = 60_000;
/** How long one statement of a migration may run. */
const MIGRATION_STATEMENT_TIMEOUT_MS = 600_000;
const NAME = /^(\d{4})_[a-z0-9_]+$/;
const NOT_SQL = '(?!.*\\.sql$).*';

export interface MigrateOptions {
  databaseUrl: string;
  /** Where the numbered files are; the project's own by default. */
  folder?: string;
  /** How long to wait for another process that migrates. */
  lockTimeoutMs?: number;
}

/**
 * Applies what is missing and returns the names of what was applied, oldest first.
 * Throws a Failure of kind `refused` when the database has migrations this code does not know, or when a file
 * is not named `NNNN_what_it_does.sql` with a number of its own; of kind `infrastructure` when it
 * cannot connect, or somebody holds the lock for too long.
 */
export async function migrate({
  databaseUrl,
  folder,
  lockTimeoutMs = MIGRATION_LOCK_TIMEOUT_MS,
}: MigrateOptions): Promise<string[]> {
  const source = folder ?? migrationsFolder();
  const known = await migrationNames(source);
  refuseMisnamed(known);
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'daybook-migrate',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: MIGRATION_STATEMENT_TIMEOUT_MS,
    query_timeout: MIGRATION_STATEMENT_TIMEOUT_MS + SILENCE_MARGIN_MS,
    lock_timeout: lockTimeoutMs,
    keepAlive: true,
  });
  // A connection lost between two statements surfaces as the failure of the next one.
  client.on('error', () => undefined);
  await connect(client);
  try {
    // The refusal must be decided under the same lock.
    await lock(client);
    await refuseDivergence(client, known);
    return await applyMissing(client, source);
  } finally {
    await client.end();
  }
}

async function connect(client: pg.Client): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    const reason = error instanceof Error && error.message !== '' ? error.message : String(error);
    throw new Failure(
      'infrastructure',
      `Postgres does not let us in (${reason}): start it, or check DATABASE_URL.`,
      { cause: error },
    );
  }
}

const LOCK_NOT_AVAILABLE = '55P03';

// Held until the connection ends. Every login of the database can take it, one that may only read as well.
async function lock(client: pg.Client): Promise<void> {
  try {
    await client.query('SELECT pg_advisory_lock($1)', [PG_MIGRATE_LOCK_ID]);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== LOCK_NOT_AVAILABLE) throw error;
    throw new Failure('infrastructure', lockedText(await lockHolder(client)), { cause: error });
  }
}

interface LockHolder {
  readonly role: string;
  readonly name: string;
  readonly pid: number;
}

async function lockHolder(client: pg.Client): Promise<LockHolder | undefined> {
  const { rows } = await client.query<LockHolder>(
    `SELECT usename AS role, coalesce(nullif(application_name, ''), 'a client') AS name, pid
     FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND granted AND objsubid = 1
       AND (classid::bigint << 32) + objid::bigint = $1
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [PG_MIGRATE_LOCK_ID],
  );
  return rows[0];
}

function lockedText(holder: LockHolder | undefined): string {
  const problem = 'Nothing was migrated: another session holds the lock under which one migrates';
  if (!holder) return `${problem}, or held it until now. Try again.`;
  const { role, name, pid } = holder;
  return (
    `${problem}, ${name} of the login ${role}. If it is a migration under way, wait for it and try ` +
    `again; otherwise end it: SELECT pg_terminate_backend(${pid}).`
  );
}

async function applyMissing(client: pg.Client, folder: string): Promise<string[]> {
  const applied = await runner({
    dbClient: client,
    dir: folder,
    ignorePattern: NOT_SQL,
    direction: 'up',
    noLock: true,
    checkOrder: true,
    singleTransaction: true,
    migrationsSchema: MIGRATION_SCHEMA,
    createMigrationsSchema: true,
    migrationsTable: MIGRATION_TABLE,
    migrationLoaderStrategies: [{ extensions: ['.sql'], loader: wholeFiles }],
    // What went wrong is in the error that is thrown; the rest is told by the return value.
    log: () => undefined,
  });
  return applied.map(({ name }) => name);
}

// The library's own reader cuts a file at a comment that begins with "down migration". Ours are
// forward only, so the whole file counts.
function wholeFiles(paths: string[]) {
  return Promise.all(
    paths.map(async (path) => {
      const sql = await readFile(path, 'utf8');
      const up = (builder: { sql(statement: string): void }): void => builder.sql(sql);
      return { id: path, filePaths: [path], actions: { up, down: false as const } };
    }),
  );
}

function refuseMisnamed(names: readonly string[]): void {
  const byNumber = new Map<string, string>();
  for (const name of names) {
    const number = NAME.exec(name)?.[1];
    if (number === undefined) {
      throw new Failure(
        'refused',
        `migrations/${name}.sql is not named like 0001_what_it_does.sql.`,
      );
    }
    const other = byNumber.get(number);
    if (other !== undefined) {
      throw new Failure('refused', `migrations/${name}.sql has the same number as ${other}.sql.`);
    }
    byNumber.set(number, name);
  }
}

async function refuseDivergence(client: pg.Client, known: readonly string[]): Promise<void> {
  const exists = await client.query<{ found: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS found',
    [`${MIGRATION_SCHEMA}.${MIGRATION_TABLE}`],
  );
  if (!exists.rows[0]?.found) return;
  const { rows } = await client.query<{ name: string }>(APPLIED_MIGRATIONS);
  const applied = rows.map(({ name }) => name);
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Failure(
      'refused',
      `The database has migrations that this version of Daybook does not know (${unknown.join(', ')}): ` +
        'run the newer version, or restore a backup from before the upgrade.',
    );
  }
  const newest = applied.at(-1) ?? '';
  const skipped = known.filter((name) => name < newest && !applied.includes(name));
  if (skipped.length > 0) {
    throw new Failure(
      'refused',
      `The database was migrated to ${newest} without ${skipped.join(', ')}: ` +
        'give a migration that comes later a higher number.',
    );
  }
}
