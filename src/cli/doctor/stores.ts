// Whether the two stores are there, of this version, with room to write, and of one mind about the time.
import { statfs } from 'node:fs/promises';
import { type Pool } from 'pg';
import { type EventStore } from '../../event-store/event-store.js';
import {
  APPLIED_MIGRATIONS,
  migrationNames,
  migrationsFolder,
} from '../../platform/migration-files.js';
import { type Examination, bad, ok, warn } from './diagnosis.js';

const FREE_SHARE_MIN = 0.1;
const FREE_BYTES_MIN = 2 ** 30;
const CLOCK_SKEW_MAX_MS = 1_000;
const TRANSACTION_MINUTES_MAX = 5;

export function eventStoreExamination(store: EventStore): Examination {
  return {
    name: 'event store',
    examine: async () =>
      (await store.isReachable())
        ? ok('answers')
        : bad('does not answer', 'start it, or check EVENTSTORE_URL'),
  };
}

export function postgresExaminations(pool: Pool): Examination[] {
  return [
    {
      name: 'Postgres',
      examine: async () => {
        try {
          const { rows } = await pool.query<{ server_version: string }>('SHOW server_version');
          return ok(`answers, version ${rows[0]?.server_version}`);
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          return bad(`does not answer: ${reason}`, 'start it, or check DATABASE_URL');
        }
      },
    },
    { name: 'migrations', examine: () => migrations(pool) },
    { name: 'clocks', examine: () => clocks(pool) },
    { name: 'long transactions', examine: () => longTransactions(pool) },
    { name: 'analysts', examine: () => analysts(pool) },
  ];
}

async function migrations(pool: Pool) {
  const known = await migrationNames(migrationsFolder());
  const { rows } = await pool.query<{ name: string }>(APPLIED_MIGRATIONS).catch(noTable);
  const applied = new Set(rows.map(({ name }) => name));
  const missing = known.filter((name) => !applied.has(name));
  const unknown = [...applied].filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    return bad(`${unknown.join(', ')} are of a newer version`, 'run that version of Daybook');
  }
  if (missing.length > 0) return bad(`${missing.join(', ')} are missing`, 'daybook migrate');
  return ok(`all ${known.length} applied`);
}

const UNDEFINED_TABLE = '42P01';

function noTable(error: unknown): { rows: { name: string }[] } {
  if (Reflect.get(Object(error), 'code') === UNDEFINED_TABLE) return { rows: [] };
  throw error;
}

// What the network takes is at most the time that the question took.
async function clocks(pool: Pool) {
  const askedAt = Date.now();
  const { rows } = await pool.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  const answeredAt = Date.now();
  const there = rows[0]?.now.getTime() ?? answeredAt;
  const skewMs = Math.max(0, askedAt - there, there - answeredAt);
  return skewMs <= CLOCK_SKEW_MAX_MS
    ? ok(`Postgres and this machine are within ${Math.max(1, skewMs)} ms`)
    : warn(`Postgres and this machine are ${skewMs} ms apart`, 'let both follow a time server');
}

async function longTransactions(pool: Pool) {
  const { rows } = await pool.query<{ pid: number; name: string; minutes: number }>(
    `SELECT pid, coalesce(nullif(application_name, ''), 'a client') AS name,
       floor(extract(epoch FROM now() - xact_start) / 60)::integer AS minutes
     FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()
       AND xact_start < now() - make_interval(mins => $1) ORDER BY xact_start`,
    [TRANSACTION_MINUTES_MAX],
  );
  const [oldest] = rows;
  if (!oldest) return ok(`none beyond ${TRANSACTION_MINUTES_MAX} minutes`);
  const said = `${rows.length}, the oldest by ${oldest.name} since ${oldest.minutes} minutes`;
  return warn(said, `SELECT pg_terminate_backend(${oldest.pid}), if nobody needs it`);
}

async function analysts(pool: Pool) {
  const { rows } = await pool.query<{ may: boolean; beyond: boolean }>(
    `SELECT has_schema_privilege(rolname, 'reporting', 'USAGE') AS may,
       EXISTS (SELECT FROM pg_namespace WHERE nspname ~ '^(daybook|rm_[0-9]+)$'
         AND has_schema_privilege(rolname, nspname, 'USAGE')) AS beyond
     FROM pg_roles WHERE rolname = 'daybook_analyst'`,
  );
  const [role] = rows;
  const admit = 'SELECT daybook.admit_analysts(), as a user who may create roles';
  if (!role?.may) return warn('the role daybook_analyst may not read "reporting"', admit);
  if (!role.beyond) return ok('read "reporting" and nothing else');
  const revoke = 'REVOKE ALL ON SCHEMA daybook FROM daybook_analyst, and from the schemas rm_*';
  return bad('the role daybook_analyst reads more than "reporting"', revoke);
}

/** Of the disk under the embedded stores. */
export function diskExamination(folder: string): Examination {
  return {
    name: 'disk',
    examine: async () => {
      const { bavail, blocks, bsize } = await statfs(folder);
      const free = bavail * bsize;
      const said = `${(free / 2 ** 30).toFixed(1)} GiB free under ${folder}`;
      const advice = 'make room: a store that cannot write stops';
      if (free < FREE_BYTES_MIN) return bad(said, advice);
      return bavail < blocks * FREE_SHARE_MIN ? warn(said, advice) : ok(said);
    },
  };
}
