// The schema `reporting` as analysts find it: it says what it means, adds up, is quick to search, and is
// all that an analyst can reach.
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg, { type Pool } from 'pg';
import { pino } from 'pino';
import { withConnection } from '../../projections/engine/connection.js';
import { liveGeneration } from '../../projections/engine/generations.js';
import { rebuild } from '../../projections/engine/rebuild.js';
import { reportingViews } from '../../projections/engine/reporting.js';
import { analystLogin } from '../../src/cli/analyst/login.js';
import { type EventStore, NO_STREAM } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { migrate } from '../../src/platform/migrations.js';
import { createPool } from '../../src/platform/postgres.js';
import { RELATIONS, dictionaryPage } from '../support/dictionary-page.js';
import { everyKind } from '../support/every-kind.js';
import { leg, openAccount, openLedger, postTransfer } from '../support/ledger-factories.js';
import { UNWATCHED, project } from '../support/projecting.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';
import { submitterOn } from '../support/submitter.js';

const log = pino({ level: 'silent' });
/** More than fits into 64 bits, to the last of 18 decimals. */
const HUGE = `${'9'.repeat(30)}.000000000000000001`;

let node: TestEventStore;
let postgres: TestPostgres;
let store: EventStore;
let pool: Pool;

beforeAll(async () => {
  [node, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
  store = eventStoreDb(node.url, log);
  pool = createPool({ databaseUrl: postgres.url, applicationName: 'test', logger: log });
  const { submit, close } = submitterOn(store);
  for (const command of everyKind('shop')) await submit('shop', command);
  const inAtoms = { currency: 'ATOM', overdraftLimit: null };
  await submit('mint', openLedger({ ledger: 'mint', assets: [{ code: 'ATOM', scale: 18 }] }));
  for (const address of ['a', 'b']) await submit('mint', openAccount({ address, ...inAtoms }));
  await submit('mint', postTransfer('huge', [leg('a', 'b', HUGE, 'ATOM')]));
  await close();
  const unknown = { id: randomUUID(), type: 'LedgerImagined', data: {}, metadata: {} };
  await store.append(ledgerStream('parked'), NO_STREAM, [unknown]);
  await project(pool, store);
}, 120_000);
afterAll(async () => {
  await Promise.all([pool.end(), store.close()]);
  await Promise.all([node.remove(), postgres.remove()]);
}, 60_000);

/** Another generation takes the place of the live one. */
const swap = () => rebuild({ store, pool, ...UNWATCHED });

async function rows(sql: string, database: Pool | pg.Client = pool): Promise<object[]> {
  return (await database.query<pg.QueryResultRow>(sql)).rows;
}

/** What stands in the schema, with its comment: views, their columns, functions. */
async function comments(): Promise<{ name: string; comment: string | null }[]> {
  const found = await pool.query<{ name: string; comment: string | null }>(`
    SELECT relname::text AS name, obj_description(oid, 'pg_class') AS comment
    FROM pg_class WHERE relnamespace = 'reporting'::regnamespace
  UNION ALL
    SELECT relname || '.' || attname, col_description(attrelid, attnum)
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'reporting'::regnamespace AND attnum > 0 AND NOT attisdropped
  UNION ALL
    SELECT proname || '()', obj_description(oid, 'pg_proc')
    FROM pg_proc WHERE pronamespace = 'reporting'::regnamespace
  ORDER BY name`);
  return found.rows;
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

  it.each(reportingViews(1))('$name has rows, each with a key of its own', async (view) => {
    const key = `(${['0', ...view.key].join(', ')})`;
    const { rows: counted } = await pool.query<{ rows: number; keys: number }>(
      `SELECT count(*)::int AS rows, count(DISTINCT ${key})::int AS keys FROM reporting.${view.name}`,
    );
    expect(counted[0]?.rows).toBeGreaterThan(0);
    expect(counted[0]?.keys).toBe(counted[0]?.rows);
  });

  it('says of every row which event it comes from', () => {
    const silent = reportingViews(1).filter(({ columns }) =>
      ['revision', 'position', 'event_id'].some((column) => !(column in columns)),
    );
    // It only finds rows of `transfer`, which say it.
    expect(silent.map(({ name }) => name)).toEqual(['transfer_account']);
  });
});

describe('the data dictionary', () => {
  const PAGE = join('docs', 'data-dictionary.md');

  it('is what the database says; npm run docs:dictionary writes it anew', async () => {
    const page = await dictionaryPage(pool);
    if (process.env['DAYBOOK_WRITE_DOCS'] !== undefined) writeFileSync(PAGE, page);
    expect(readFileSync(PAGE, 'utf8')).toBe(page);
  });

  it.each(RELATIONS)('draws $one and $many as they are', async ({ one, many, by, arrow }) => {
    const matches = ['one.ledger = many.ledger']
      .concat(Object.entries(by).map(([theirs, its]) => `many.${theirs} = one.${its}`))
      .join(' AND ');
    const orphans = await rows(`SELECT * FROM reporting.${many} AS many
      WHERE NOT EXISTS (SELECT FROM reporting.${one} AS one WHERE ${matches})`);
    expect(orphans).toEqual([]);
    const counted = await pool.query<{ count: number }>(`SELECT count(many.*)::int AS count
      FROM reporting.${one} AS one LEFT JOIN reporting.${many} AS many ON ${matches}
      GROUP BY one`);
    for (const { count } of counted.rows) {
      if (arrow === '||--||') expect(count).toBeGreaterThan(0);
      if (arrow === '||--o|' || arrow === '||--||') expect(count).toBeLessThan(2);
    }
  });
});

describe('what the views say', () => {
  it('entries add up to the balances of accounts, debits to credits', async () => {
    const wrong = await rows(`
      SELECT account, net_debits, balance, journal.* FROM reporting.account_balance
      LEFT JOIN (SELECT ledger, account, sum(debit - credit) AS net, sum(change) AS change
        FROM reporting.entry GROUP BY ledger, account) AS journal USING (ledger, account)
      WHERE coalesce(net, 0) <> net_debits OR coalesce(change, 0) <> balance`);
    expect(wrong).toEqual([]);
    const sums = await rows(`SELECT ledger, currency FROM reporting.account_balance
      GROUP BY ledger, currency HAVING sum(net_debits) <> 0`);
    expect(sums).toEqual([]);
  });

  it('freshness tells when the last event was applied', async () => {
    const [fresh] = await rows(`SELECT applied_at > now() - interval '10 minutes' AS lately,
        lag = applied_at - recorded_at AS since_recorded, projection FROM reporting.freshness`);
    expect(fresh).toEqual({ lately: true, since_recorded: true, projection: 'all' });
  });

  it('amounts are exact in minor units, however big', async () => {
    const minor = HUGE.replace('.', '');
    const found = await rows(`SELECT amount::text, amount_minor::text, balance_minor::text
      FROM reporting.entry WHERE ledger = 'mint' AND account = 'b'`);
    expect(found).toEqual([{ amount: HUGE, amount_minor: minor, balance_minor: minor }]);
    expect(
      await rows(`SELECT account, balance_minor::text, available_minor::text
        FROM reporting.account_balance WHERE ledger = 'mint' ORDER BY account`),
    ).toEqual([
      { account: 'a', balance_minor: `-${minor}`, available_minor: `-${minor}` },
      { account: 'b', balance_minor: minor, available_minor: minor },
    ]);
    expect(
      await rows(`SELECT amount_minor::text FROM reporting.transfer_leg WHERE ledger = 'mint'`),
    ).toEqual([{ amount_minor: minor }]);
  });

  it('legs of a transfer have what became of them, and an exchange its rate', async () => {
    expect(
      await rows(`SELECT leg, debit_account, credit_account, amount::text, posted::text,
          reversed::text, held::text
        FROM reporting.transfer_leg WHERE transfer_id = 'order' ORDER BY leg`),
    ).toEqual([
      became(0, 'ann', 'bob', { amount: '20.00', posted: '18.00', reversed: '3.00' }),
      became(1, 'ann', 'cash', { amount: '5.00', posted: '0.00', reversed: '0.00' }),
      became(2, 'cash', 'bob', { amount: '1.00', posted: '0.00', reversed: '0.00' }),
    ]);
    expect(
      await rows(`SELECT sold::text, sold_currency, bought::text, bought_currency, rate::text,
          (sold * rate - bought - remainder)::float AS unexplained FROM reporting.exchange`),
    ).toEqual([
      {
        ...{ sold: '3.33', sold_currency: 'EUR', bought: '3.62', bought_currency: 'USD' },
        ...{ rate: '1.0857', unexplained: 0 },
      },
    ]);
    expect(
      await rows(`SELECT kind, refusal_code, booked_on::text FROM reporting.transfer
        WHERE reverses_id = 'dropped'`),
    ).toEqual([
      { kind: 'reversal', refusal_code: 'TRANSFER_NOT_REVERSIBLE', booked_on: '2026-03-01' },
    ]);
  });

  function became(number: number, debit: string, credit: string, amounts: object) {
    const accounts = { debit_account: debit, credit_account: credit };
    return { leg: String(number), ...accounts, ...amounts, held: '0.00' };
  }
});

describe('a search by key', () => {
  const SEARCHES = [
    ['ledger', `ledger = 'shop'`],
    ['account', `ledger = 'shop' AND address = 'ann'`],
    ['account_balance', `ledger = 'shop' AND account = 'ann'`],
    ['account_balance_day', `ledger = 'shop' AND account = 'ann'`],
    ['account_balance_day', `ledger = 'shop' AND account = 'ann'`],
    ['trial_balance', `ledger = 'shop'`],
    ['entry', `ledger = 'shop' AND account = 'ann'`],
    ['transfer', `ledger = 'shop' AND id = 'order'`],
    ['transfer_leg', `ledger = 'shop' AND transfer_id = 'order'`],
    ['transfer_act', `ledger = 'shop' AND transfer_id = 'order'`],
    ['exchange', `ledger = 'shop' AND transfer_id = 'exchange'`],
    ['refusal', `ledger = 'shop' AND id = 'too-late'`],
  ];

  it.each(SEARCHES)('of %s goes by an index', async (view, condition) => {
    const plan = await withConnection(pool, async (database) => {
      // Tables as small as these would be read as a whole.
      await database.query('SET enable_seqscan = off');
      const sql = `EXPLAIN SELECT * FROM reporting.${view} WHERE ${condition}`;
      return (await database.query<{ 'QUERY PLAN': string }>(sql)).rows;
    });
    const text = plan.map((line) => line['QUERY PLAN']).join('\n');
    expect(text).toMatch(/Index.* on (ledger|account|entry|transfer|transfer_act|refusal) /);
    expect(text).toMatch(/Index Cond: .*ledger = 'shop'/);
    expect(text).not.toMatch(/Seq Scan/);
  });
});

/** A connection of the analyst, made as `daybook analyst` makes it. */
async function analyst(name: string, ownerUrl = postgres.url): Promise<pg.Client> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const password = await analystLogin(owner, name).finally(() => owner.end());
  const url = new URL(ownerUrl);
  [url.username, url.password] = [name, password];
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  return client;
}

describe('an analyst', () => {
  let ann: pg.Client;
  beforeAll(async () => {
    ann = await analyst('ann');
  });
  afterAll(() => ann.end());

  it('reads every view, without naming the schema and in UTC, also after a swap', async () => {
    await swap();
    for (const { name } of reportingViews(1)) {
      expect(await rows(`SELECT * FROM ${name}`, ann)).not.toEqual([]);
    }
    expect(await rows('SHOW timezone', ann)).toEqual([{ TimeZone: 'UTC' }]);
  });

  it('may call every function, and nobody else may', async () => {
    const [others] = await rows(`SELECT count(*)::int AS count FROM pg_proc
      WHERE pronamespace = 'reporting'::regnamespace
        AND (NOT has_function_privilege('ann', oid, 'EXECUTE')
          OR has_function_privilege('public', oid, 'EXECUTE'))`);
    expect(others).toEqual({ count: 0 });
  });

  const FORBIDDEN = [
    'SELECT * FROM daybook.checkpoint',
    'SELECT * FROM daybook.snapshot',
    'SELECT daybook.admit_analysts()',
    'SELECT * FROM rm_3.account',
    'UPDATE rm_3.account SET balance = 1',
    'DELETE FROM rm_3.entry',
    'TRUNCATE rm_3.entry',
    'DROP VIEW reporting.entry',
    'CREATE OR REPLACE VIEW reporting.entry AS SELECT 1',
    'CREATE TABLE public.mine (a int)',
    'CREATE TABLE reporting.mine (a int)',
    'CREATE SCHEMA mine',
    'CREATE ROLE mine',
    'SET ROLE daybook',
    'ALTER ROLE ann SUPERUSER',
    `COPY (SELECT 1) TO PROGRAM 'true'`,
    `SELECT pg_read_file('postgresql.conf')`,
  ];
  it.each(FORBIDDEN)('may not: %s', async (sql) => {
    const schemas = await rows(`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'rm\\_%'`);
    const [live] = schemas as { nspname: string }[];
    await ann.query('SET default_transaction_read_only = off');
    await expect(ann.query(sql.replace('rm_3', live?.nspname ?? ''))).rejects.toMatchObject({
      code: '42501',
    });
    await ann.query('RESET default_transaction_read_only');
  });

  const WRITES = [
    `INSERT INTO reporting.ledger (ledger) VALUES ('mine')`,
    'UPDATE reporting.account SET balance = 1',
    'DELETE FROM reporting.entry',
  ];
  it.each(WRITES)('finds nothing that takes: %s', async (sql) => {
    await expect(ann.query(sql)).rejects.toMatchObject({ code: '55000' });
  });

  it('begins read only, with a limit to every statement, and may make temporary tables', async () => {
    const make = 'CREATE TEMP TABLE mine (a int)';
    await expect(ann.query(make)).rejects.toMatchObject({ code: '25006' });
    await ann.query('SET default_transaction_read_only = off');
    await ann.query(make);
    await ann.query('RESET default_transaction_read_only');
    expect(await rows('SHOW statement_timeout', ann)).toEqual([{ statement_timeout: '1min' }]);
  });

  it('gets a new password each time, and the old one is of no use', async () => {
    const again = await analyst('ann');
    await again.end();
    const { user, password, port } = ann;
    const late = new pg.Client({ user: user ?? '', password: password ?? '', port });
    late.on('error', () => undefined);
    await expect(late.connect()).rejects.toMatchObject({ code: '28P01' });
  });

  it('takes no name that somebody else has', async () => {
    await pool.query('CREATE ROLE somebody LOGIN');
    for (const name of ['daybook', 'somebody', 'daybook_analyst']) {
      await expect(analyst(name)).rejects.toMatchObject({ kind: 'refused' });
    }
  });
});

describe('a database whose owner may not make roles', () => {
  let url: URL;
  beforeAll(async () => {
    await pool.query('DROP OWNED BY daybook_analyst');
    await pool.query('DROP ROLE daybook_analyst');
    await pool.query(`CREATE ROLE plain LOGIN PASSWORD 'plain'`);
    await pool.query('CREATE DATABASE plain OWNER plain');
    url = new URL(postgres.url);
    [url.username, url.password, url.pathname] = ['plain', 'plain', '/plain'];
  });

  it('is migrated, works, and says who has to admit analysts', async () => {
    await migrate({ databaseUrl: url.href });
    const own = createPool({ databaseUrl: url.href, applicationName: 'test', logger: log });
    await withConnection(own, liveGeneration);
    expect(await rows('SELECT generation FROM reporting.freshness', own)).toHaveLength(1);
    await expect(analyst('bob', url.href)).rejects.toMatchObject({
      kind: 'infrastructure',
      message: expect.stringContaining('docs/analysts.md') as string,
    });
    await pool.query('CREATE ROLE daybook_analyst');
    expect(await rows('SELECT daybook.admit_analysts() AS problem', own)).toEqual([
      { problem: null },
    ]);
    await pool.query(`CREATE ROLE bob LOGIN PASSWORD 'bob' IN ROLE daybook_analyst`);
    const asBob = new URL(url);
    [asBob.username, asBob.password] = ['bob', 'bob'];
    const bob = new pg.Client({ connectionString: asBob.href });
    await bob.connect();
    expect(await rows('SELECT events FROM reporting.freshness', bob)).toEqual([{ events: '0' }]);
    await bob.end();
    await own.end();
  });
});
