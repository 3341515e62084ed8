// Goal: what few rows match is found without going through the others. Method: a ledger of 20,000 transfers
// and 2,000 accounts, one of which has an entry of every second transfer; of each list's first page, the
// rows that Postgres looked at, by its own account.
import { type Pool } from 'pg';
import { pino } from 'pino';
import { listAccounts, rollUpBalances } from '../../projections/account/queries.js';
import { liveGeneration } from '../../projections/engine/generations.js';
import { type LedgerQuestion } from '../../projections/engine/queries.js';
import { type EntryFilter, listEntries } from '../../projections/entry/queries.js';
import { type TransferFilter, listTransfers } from '../../projections/transfer/queries.js';
import { createPool } from '../../src/platform/postgres.js';
import { type TestPostgres, startTestPostgres } from '../support/stores.js';

/** Of some 20,000, or 40,000. */
const ROWS_LOOKED_AT_MAX = 1_000;

let postgres: TestPostgres;
let pool: Pool;

const ACCOUNTS = `INSERT INTO rm_1.account (ledger, address, type, currency, scale, status, version, balance,
    available, posted_debits, posted_credits, pending_debits, pending_credits, metadata, opened_at,
    recorded_at, digest, revision, position, event_id)
  SELECT 'big', CASE WHEN n = 0 THEN 'world' ELSE 'customers:' || n || ':wallet' END,
    CASE WHEN n % 500 = 1 THEN 'income' ELSE 'liability' END,
    CASE WHEN n % 500 = 2 THEN 'USD' ELSE 'EUR' END, 2,
    CASE WHEN n % 500 = 3 THEN 'frozen' ELSE 'open' END, 1, 0, 0, 0, 0, 0, 0,
    jsonb_build_object('customer', n::text), now(), now(), '', n, n, gen_random_uuid()
  FROM generate_series(0, 1999) AS n`;
const PAYMENTS = `CREATE TEMPORARY TABLE payment AS SELECT * FROM (SELECT n, 2000 + n AS revision,
    CASE WHEN n % 2 = 0 THEN 'world' ELSE 'customers:' || 1 + n % 1999 || ':wallet' END AS debit,
    'customers:' || 1 + (n * 7 + 1) % 1999 || ':wallet' AS credit,
    timestamptz '2024-01-01' + n * interval '1 hour' AS at
  FROM generate_series(1, 20000) AS n) AS payment WHERE debit <> credit`;
const TRANSFERS = `INSERT INTO rm_1.transfer (ledger, id, revision, batch_id, batch_index, state, legs, totals,
    effective_at, recorded_at, reference, metadata, position, event_id, state_position)
  SELECT 'big', 'transfer-' || n, revision, CASE WHEN n % 1000 < 5 THEN 'batch-' || n / 1000 END, 0,
    CASE WHEN n % 1000 = 6 THEN 'pending' WHEN n % 50 = 7 THEN 'refused' ELSE 'posted' END, '[]', '[]', at,
    at, 'reference-' || n, jsonb_build_object('order', n::text, 'channel', n % 2), n, gen_random_uuid(), n
  FROM payment ORDER BY n`;
const NAMED = `INSERT INTO rm_1.transfer_account (ledger, account, revision, batch_index)
  SELECT 'big', unnest(ARRAY[debit, credit]), revision, 0 FROM payment`;
const ENTRIES = `INSERT INTO rm_1.entry (ledger, account, account_type, revision, batch_index, leg, side,
    transfer_id, amount, currency, balance, counterparty, effective_at, recorded_at, position, event_id)
  SELECT 'big', account, 'liability', revision, 0, 0, side, 'transfer-' || n, 1, 'EUR', 0, counterparty,
    at, at, n, gen_random_uuid()
  FROM payment, LATERAL (VALUES (debit, 'debit', credit), (credit, 'credit', debit))
    AS entry (account, side, counterparty)`;

beforeAll(async () => {
  postgres = await startTestPostgres();
  pool = createPool({
    ...{ databaseUrl: postgres.url, applicationName: 'test', size: 1 },
    logger: pino({ level: 'silent' }),
  });
  const client = await pool.connect();
  try {
    await liveGeneration(client);
    for (const statement of [ACCOUNTS, PAYMENTS, TRANSFERS, NAMED, ENTRIES, 'ANALYZE']) {
      await client.query(statement);
    }
  } finally {
    client.release();
  }
}, 60_000);
afterAll(async () => {
  await pool.end();
  await postgres.remove();
}, 60_000);

interface Plan {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

function rowsLookedAt(plan: Plan): number {
  const { 'Actual Rows': found, 'Actual Loops': loops, Plans = [] } = plan;
  const isScan = plan['Node Type'].includes('Scan');
  const own = isScan ? (found + (plan['Rows Removed by Filter'] ?? 0)) * loops : 0;
  return Plans.reduce((sum, below) => sum + rowsLookedAt(below), own);
}

async function looksAt({ sql, values }: LedgerQuestion): Promise<number> {
  const { rows } = await pool.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
    ['big', ...values],
  );
  const [answer] = rows;
  if (!answer) throw new Error('no plan');
  return rowsLookedAt(answer['QUERY PLAN'][0].Plan);
}

const page = { after: undefined, afterAddress: undefined, limit: 51 };
const transfers = (filter: Partial<TransferFilter>) =>
  listTransfers({ metadata: {}, order: 'desc', ...filter }, page);
const accounts = (filter: object) => listAccounts({ metadata: {}, ...filter }, page);
const entries = (filter: Partial<EntryFilter>) =>
  listEntries({ account: 'world', metadata: {}, order: 'desc', ...filter }, page);

describe('few rows are looked at for', () => {
  it.each([
    ['the last transfers', transfers({})],
    ['the first transfers', transfers({ order: 'asc' })],
    ['transfers of an account', transfers({ account: 'customers:7:wallet' })],
    ['transfers in a state', transfers({ state: 'pending' })],
    ['transfers in a state that none is in', transfers({ state: 'voided' })],
    ['transfers with a reference', transfers({ reference: 'reference-777' })],
    ['transfers of a batch', transfers({ batch: 'batch-7' })],
    ['transfers of a day', transfers({ from: '2024-06-01', to: '2024-06-02' })],
    ['transfers until long ago', transfers({ to: '2024-02-01' })],
    ['transfers from long ago on', transfers({ from: '2024-02-01' })],
    ['transfers with metadata that few have', transfers({ metadata: { order: '777' } })],
    ['accounts below a prefix', accounts({ prefix: 'customers:77' })],
    ['accounts of a type', accounts({ type: 'income' })],
    ['accounts of a currency', accounts({ currency: 'USD' })],
    ['accounts in a status', accounts({ status: 'frozen' })],
    ['accounts with metadata', accounts({ metadata: { customer: '777' } })],
    ['the last entries', entries({})],
    ['entries with a counterparty', entries({ counterparty: 'customers:7:wallet' })],
    ['entries of a transfer', entries({ transfer: 'transfer-10000' })],
    ['entries by metadata of their transfers', entries({ metadata: { order: '10000' } })],
    [
      'sums below a node',
      rollUpBalances({ prefix: 'customers:77', depth: 1, currency: undefined }, page),
    ],
  ])('%s', async (_what, question) => {
    expect(await looksAt(question)).toBeLessThan(ROWS_LOOKED_AT_MAX);
  });

  it('nothing by a filter without an index, which shows that this counts', async () => {
    const question = entries({ minAmount: '1000' });
    expect(await looksAt(question)).toBeGreaterThan(ROWS_LOOKED_AT_MAX);
  });
});
