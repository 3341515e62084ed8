import { projections } from '@event-driven-io/emmett';
import {
  type PostgresEventStore,
  getPostgreSQLEventStore,
} from '@event-driven-io/emmett-postgresql';
import { type Pool } from 'pg';
import { balances } from './balances.js';

/** `migrate`: once, before several processes use it. */
export function openEventStore(
  databaseUrl: string,
  pool: Pool,
  { migrate }: { migrate: boolean },
): PostgresEventStore {
  return getPostgreSQLEventStore(databaseUrl, {
    projections: projections.inline([balances]),
    schema: { autoMigration: migrate ? 'CreateOrUpdate' : 'None' },
    connectionOptions: { pool },
  });
}
