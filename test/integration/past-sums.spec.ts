// Goal: a balance of long ago, and a page of a statement, look at few rows, however many entries an account
// has, and are right. Method: 40,000 entries of one account, every tenth back-dated to anywhere, put into
// the tables by SQL; answers are compared with sums over all entries, and the pages that Postgres touched
// are counted by its own account.
import { type Pool } from 'pg';
import { pino } from 'pino';
import { statement } from '../../projections/balance-history/queries.js';
import { BLOCK_LENGTH, LONG_BLOCK } from '../../projections/balance-history/table.js';
import { liveGeneration } from '../../projections/engine/generations.js';
import { createPool } from '../../src/platform/postgres.js';
import { type TestPostgres, startTestPostgres } from '../support/stores.js';

const ENTRIES = 40_000;
const START = `timestamptz '2026-01-01'`;

let postgres: TestPostgres;
let pool: Pool;

const FILLED = [
  `INSERT INTO rm_1.account (ledger, address, type, currency, scale, status, version, balance,
     available, posted_debits, posted_credits, pending_debits, pending_credits, metadata, opened_at,
     recorded_at, digest, revision, position, event_id)
   SELECT 'big', address, type, 'EUR', 2, 'open', 1, 0, 0, 0, 0, 0, 0, '{}', '2025-01-01', '2025-01-01', '', 1, 1,
     gen_random_uuid()
   FROM (VALUES ('cash', 'asset'), ('ann', 'liability')) AS account (address, type)`,
  `INSERT INTO rm_1.entry (ledger, account, account_type, revision, batch_index, leg, side, transfer_id,
     amount, currency, balance, counterparty, effective_at, recorded_at, position, event_id)
   SELECT 'big', account, type, n, 0, 0, side, 't-' || n, n % 97 + 0.25, 'EUR', 0, 'other',
     CASE WHEN n % 10 = 0 THEN ${START} + n * 7919 % ${ENTRIES} * interval '1 minute' ELSE at END,
     at, n, gen_random_uuid()
   FROM generate_series(1, ${ENTRIES}) AS n, LATERAL (SELECT ${START} + n * interval '1 minute') AS t (at),
     LATERAL (VALUES ('cash', 'asset', CASE WHEN n % 3 = 0 THEN 'credit' ELSE 'debit' END),
       ('ann', 'liability', CASE WHEN n % 3 = 0 THEN 'debit' ELSE 'credit' END))
       AS entry (account, type, side)`,
  // As if both had been opened at revision 0.
  ...[BLOCK_LENGTH, LONG_BLOCK * BLOCK_LENGTH].flatMap((length) => [
    `INSERT INTO rm_1.account_block (ledger, account, length, block, last_revision)
     SELECT 'big', account, ${length}, block, (block + 1) * ${length} - 1
     FROM unnest(ARRAY['cash', 'ann']) AS account, generate_series(0, ${ENTRIES} / ${length} - 1) AS block`,
    `INSERT INTO rm_1.ledger_block (ledger, length, block, last_revision, recorded_at)
     SELECT 'big', ${length}, block, (block + 1) * ${length} - 1,
       ${START} + ((block + 1) * ${length} - 1) * interval '1 minute'
     FROM generate_series(0, ${ENTRIES} / ${length} - 1) AS block`,
  ]),
  'VACUUM ANALYZE',
];

beforeAll(async () => {
  postgres = await startTestPostgres();
  pool = createPool({
    ...{ databaseUrl: postgres.url, applicationName: 'test', size: 1 },
    logger: pino({ level: 'silent' }),
  });
  const client = await pool.connect();
  await liveGeneration(client);
  for (const sql of FILLED) await client.query(sql);
  client.release();
}, 120_000);
afterAll(async () => {
  await pool.end();
  await postgres.remove();
}, 60_000);

/** Times and revisions in every part of the ledger, and around the ends of its blocks. */
const QUESTIONS = `SELECT ${START} + minute * interval '1 minute' AS at, revision
  FROM unnest(ARRAY[-1, 0, 5, 1023, 9000, 16384, 25000, 39999, 99999]) AS minute,
    unnest(ARRAY[-1, 900, 1023, 1024, 16382, 16383, 16384, 17407, 32767, 33000, 39999, 40000]) AS revision`;

const UP_TO = `ledger = 'big' AND effective_at <= asked.at AND revision <= asked.revision`;
const SUM = (side: string) => `coalesce(sum(amount) FILTER (WHERE side = '${side}'), 0)`;

it('sums of an account at any time and revision are those of its entries', async () => {
  const { rows } = await pool.query<{ right: boolean; amount: string }>(
    `SELECT sums.debits[1] = due.debits AND sums.credits[1] = due.credits AS right, due.debits AS amount
     FROM (${QUESTIONS}) AS asked,
       LATERAL reporting.account_sums('big', 'cash', ARRAY[asked.at], asked.revision) AS sums,
       LATERAL (SELECT ${SUM('debit')} AS debits, ${SUM('credit')} AS credits FROM rm_1.entry
         WHERE ${UP_TO} AND account = 'cash') AS due`,
  );
  expect(rows).toHaveLength(108);
  expect(rows.filter(({ right }) => !right)).toEqual([]);
  expect(new Set(rows.map(({ amount }) => amount)).size).toBeGreaterThan(40);
});

it('a trial balance at any time and revision is that of all entries', async () => {
  const { rows } = await pool.query<{ right: boolean }>(
    `SELECT found.debits = due.debits AND found.credits = due.credits AS right
     FROM (${QUESTIONS}) AS asked, LATERAL (SELECT ${START} + revision * interval '1 minute') AS t (known),
       LATERAL reporting.trial_balance_as_of('big', asked.at, t.known) AS found,
       LATERAL (SELECT round(${SUM('debit')}, 2) AS debits, round(${SUM('credit')}, 2) AS credits
         FROM rm_1.entry WHERE ${UP_TO} AND account_type = found.type) AS due`,
  );
  expect(rows.length).toBeGreaterThan(90);
  expect(rows.filter(({ right }) => !right)).toEqual([]);
});

interface Plan {
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
}

// Pages of 8 kB. Two times are looked up in 2 long blocks and 7 others, where there are 39; to go on, three
// are, and two more in what was known before the line to go on from.
it.each([
  ['first', 120, undefined],
  [
    'second',
    450,
    { effectiveAt: '2026-01-20T00:00:00.000Z', revision: '27360', batchIndex: '0', leg: '0' },
  ],
])('the %s page of a statement touches few pages of tables', async (_, pagesMax, after) => {
  const { sql, values } = statement({
    ...{ account: 'cash', from: '2026-01-10T00:00:00.000Z', to: '2026-01-25T00:00:00.000Z' },
    ...{ known: { revision: String(ENTRIES) }, after, limit: 51 },
  });
  const { rows } = await pool.query<{ 'QUERY PLAN': [{ readonly Plan: Plan }] }>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`,
    ['big', ...values],
  );
  const plan = rows[0]?.['QUERY PLAN'][0].Plan;
  const pages = (plan?.['Shared Hit Blocks'] ?? NaN) + (plan?.['Shared Read Blocks'] ?? NaN);
  expect(pages).toBeGreaterThan(5);
  expect(pages).toBeLessThan(pagesMax);
});
