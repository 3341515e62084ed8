// What must be there before the API can answer everything: the event store, and Postgres with the
// migrations of this version. Each check says in bounded time what is wrong and what would help.
import { type Pool } from 'pg';
import { type EventStore } from './event-store/event-store.js';
import { type Dependency } from './platform/http/health.controller.js';
import {
  APPLIED_MIGRATIONS,
  migrationNames,
  migrationsFolder,
} from './platform/migration-files.js';
import { within } from './platform/time-limit.js';

const POSTGRES_TIMEOUT_MS = 2_000;
const UNDEFINED_TABLE = '42P01';

export function dependenciesOn({ store, pool }: { store: EventStore; pool: Pool }): Dependency[] {
  return [
    { name: 'event store', problem: () => eventStoreProblem(store) },
    { name: 'Postgres', problem: () => postgresProblem(pool) },
  ];
}

async function eventStoreProblem(store: EventStore): Promise<string | undefined> {
  if (await store.isReachable()) return undefined;
  return 'does not answer: start it, or check EVENTSTORE_URL';
}

async function postgresProblem(pool: Pool): Promise<string | undefined> {
  try {
    const asked = pool.query<{ name: string }>(APPLIED_MIGRATIONS);
    const { rows } = await within(POSTGRES_TIMEOUT_MS, asked);
    const applied = new Set(rows.map(({ name }) => name));
    const known = await migrationNames(migrationsFolder());
    const missing = known.filter((name) => !applied.has(name));
    return missing.length === 0 ? undefined : notMigrated(missing);
  } catch (error) {
    if (Reflect.get(Object(error), 'code') === UNDEFINED_TABLE) return notMigrated(['all']);
    return 'does not answer: start it, or check DATABASE_URL';
  }
}

function notMigrated(missing: readonly string[]): string {
  return `lacks migrations (${missing.join(', ')}): run daybook migrate`;
}
