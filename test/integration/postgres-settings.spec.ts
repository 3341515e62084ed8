// A Postgres that somebody has set up in their own way is read like any other.
import { type Pool } from 'pg';
import { pino } from 'pino';
import { createPool } from '../../src/platform/postgres.js';
import { type TestPostgres, startTestPostgres } from '../support/stores.js';

const log = pino({ level: 'silent' });

let postgres: TestPostgres;
let pool: Pool;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const { url: databaseUrl } = postgres;
  const owner = createPool({ databaseUrl, applicationName: 'owner', logger: log });
  await owner.query(`ALTER DATABASE daybook SET DateStyle = 'German'`);
  await owner.query(`ALTER DATABASE daybook SET TimeZone = 'America/New_York'`);
  await owner.end();
  pool = createPool({ databaseUrl, applicationName: 'test', logger: log });
}, 60_000);
afterAll(async () => {
  await pool.end();
  await postgres.remove();
});

describe('a database with settings of its own', () => {
  it.each(['0001-01-01T00:00:00.000Z', '2026-03-01T08:00:00.123Z', '9999-12-31T23:59:59.999Z'])(
    'gives back %s as it was written',
    async (time) => {
      const written = 'SELECT $1::timestamptz AS at, $1::timestamptz::text AS text';
      const { rows } = await pool.query<{ at: Date; text: string }>(written, [time]);
      expect(rows[0]?.at.toISOString()).toBe(time);
      expect(rows[0]?.text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00$/);
    },
  );
});
