// Goal: what docs/analysts.md asks, it is answered as the document shows.
// Method: all its queries as an analyst, on the demo ledger; DAYBOOK_WRITE_DOCS writes the results anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { analystLogin } from '../../src/cli/analyst/login.js';
import { seedDemo } from '../../src/cli/demo.js';
import { createLedgerWriters } from '../../src/commands/ledger-writer/create-ledger-writers.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { createPool } from '../../src/platform/postgres.js';
import { printed, sqlExamplesOf, withResults } from '../support/sql-examples.js';
import { project } from '../support/projecting.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';

const DOCUMENT = join('docs', 'analysts.md');
const text = readFileSync(DOCUMENT, 'utf8');
const examples = sqlExamplesOf(text);
const log = pino({ level: 'silent' });

let node: TestEventStore;
let postgres: TestPostgres;
let analyst: pg.Client;

beforeAll(async () => {
  [node, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
  await fillBooks();
  const url = new URL(postgres.url);
  const owner = new pg.Client({ connectionString: postgres.url });
  await owner.connect();
  url.username = 'ann';
  url.password = await analystLogin(owner, 'ann').finally(() => owner.end());
  // Values as Postgres writes them.
  const types = { getTypeParser: () => (value: string) => value };
  analyst = new pg.Client({ connectionString: url.href, types });
  await analyst.connect();
}, 120_000);
afterAll(async () => {
  await analyst.end();
  await Promise.all([node.remove(), postgres.remove()]);
}, 60_000);

/** The demo ledger, in the log and in the read models. */
async function fillBooks(): Promise<void> {
  const store = eventStoreDb(node.url, log);
  const writers = createLedgerWriters(store, log);
  await seedDemo(writers);
  // An interrupted start is completed by the next, which finds everything there.
  await seedDemo(writers);
  await writers.close();
  const pool = createPool({ databaseUrl: postgres.url, applicationName: 'test', logger: log });
  await project(pool, store);
  await Promise.all([pool.end(), store.close()]);
}

async function ask(sql: string): Promise<string> {
  const query = { text: sql, rowMode: 'array' as const };
  const asked = analyst.query<(string | null)[]>(query).catch((cause: unknown) => {
    throw new Error(`Postgres refuses ${sql}`, { cause });
  });
  const { fields, rows } = await asked;
  return printed(
    fields.map(({ name }) => name),
    rows,
  );
}

describe('the queries of docs/analysts.md', () => {
  it('are twenty at least, and nearly all show what they find', () => {
    expect(examples.length).toBeGreaterThanOrEqual(20);
    expect(examples.filter(({ shown }) => shown === undefined).length).toBeLessThan(5);
  });

  it('find what the document shows; npm run docs:dictionary writes it anew', async () => {
    const found: string[] = [];
    for (const { sql } of examples) found.push(await ask(withoutMacros(sql)));
    const page = withResults(text, found);
    if (process.env['DAYBOOK_WRITE_DOCS'] !== undefined) writeFileSync(DOCUMENT, page);
    expect(readFileSync(DOCUMENT, 'utf8')).toBe(page);
  });

  it('of Grafana have times of the dashboard to fill in', () => {
    expect(examples.filter(({ sql }) => sql.includes('$__timeFilter'))).not.toEqual([]);
  });
});

/** Grafana fills in the times of the dashboard. */
function withoutMacros(sql: string): string {
  return sql.replace(/\$__timeFilter\((\w+)\)/g, `$1 BETWEEN '2026-01-01' AND '2026-04-01'`);
}
