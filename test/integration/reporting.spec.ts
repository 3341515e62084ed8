// The schema `reporting` as analysts find it: everything in it says what it means.
import { type Pool } from 'pg';
import { pino } from 'pino';
import { withConnection } from '../../projections/engine/connection.js';
import {
  beginGeneration,
  inTransaction,
  liveGeneration,
  makeLive,
} from '../../projections/engine/generations.js';
import { createPool } from '../../src/platform/postgres.js';
import { type TestPostgres, startTestPostgres } from '../support/stores.js';

let postgres: TestPostgres;
let pool: Pool;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const log = pino({ level: 'silent' });
  pool = createPool({ databaseUrl: postgres.url, applicationName: 'test', logger: log });
  await withConnection(pool, liveGeneration);
}, 60_000);
afterAll(async () => {
  await pool.end();
  await postgres.remove();
}, 60_000);

/** Another generation takes the place of the live one. */
async function swap(): Promise<void> {
  await withConnection(pool, async (database) => {
    const live = await liveGeneration(database);
    const next = await beginGeneration(database);
    await inTransaction(database, () =>
      makeLive(database, { previous: live.number, next: next.number }),
    );
  });
}

/** What stands in the schema, with its comment: views, their columns, functions. */
async function comments(): Promise<{ name: string; comment: string | null }[]> {
  const { rows } = await pool.query<{ name: string; comment: string | null }>(`
    SELECT relname::text AS name, obj_description(oid, 'pg_class') AS comment
    FROM pg_class WHERE relnamespace = 'reporting'::regnamespace
  UNION ALL
    SELECT relname || '.' || attname, col_description(attrelid, attnum)
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'reporting'::regnamespace AND attnum > 0 AND NOT attisdropped
  UNION ALL
    SELECT proname || '()', obj_description(oid, 'pg_proc')
    FROM pg_proc WHERE pronamespace = 'reporting'::regnamespace`);
  return rows;
}

describe('the schema reporting', () => {
  it('has a comment on every view, column and function, also after a swap', async () => {
    const before = await comments();
    expect(before.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['entry', 'entry.amount', 'freshness', 'freshness.position']),
    );
    expect(before.filter(({ comment }) => !/.{9,}\.$/.test(comment ?? ''))).toEqual([]);
    await swap();
    expect(await comments()).toEqual(before);
  });
});
