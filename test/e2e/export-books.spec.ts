// Goal: exported tables and journals say what the read models say, to the last digit, whatever callers
// have written; and an export is of one moment, or is not.
// Method: ledgers with every kind of event and with whatever is odd; the files are read by other
// programs: a CSV parser, DuckDB, and the real hledger.
import { DuckDBInstance } from '@duckdb/node-api';
import { parse } from 'csv-parse/sync';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { READ_MODELS_VERSION } from '../../projections/registry.js';
import { type ExportJob } from '../../src/cli/export/export-job.js';
import { exportLedger } from '../../src/cli/export/export-ledger.js';
import { type ExportFormat, type Manifest } from '../../src/cli/export/manifest.js';
import { OutputFolder } from '../../src/cli/export/output-folder.js';
import { inSnapshot } from '../../src/cli/export/snapshot.js';
import { EXPORT_TABLES } from '../../src/cli/export/tables.js';
import { normalSide, type AccountType } from '../../src/domain/ledger/events.js';
import { type EventStore } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { type FailureKind } from '../../src/platform/failure.js';
import { type Running } from '../../src/platform/process-frame.js';
import { finished, runOn } from '../support/daybook-process.js';
import { everyKind } from '../support/every-kind.js';
import { ensureHledger, hledger, hledgerBalances } from '../support/hledger.js';
import { leg, postTransfer } from '../support/ledger-factories.js';
import { ODD_ACCOUNTS, ODD_TEXTS, mixedLedger, oddLedger } from '../support/odd-ledgers.js';
import { startTestProjector } from '../support/projector.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';
import { type Submitter, submitterOn } from '../support/submitter.js';

jest.setTimeout(120_000);
const INSTALLING_MS = 300_000;

let folder: string;
let node: TestEventStore;
let postgres: TestPostgres;
let store: EventStore;
let writer: Submitter;
let projector: Running | undefined;
let database: pg.Client;

beforeAll(async () => {
  await ensureHledger();
  folder = mkdtempSync(join(tmpdir(), 'daybook-export-'));
  [node, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
  store = eventStoreDb(node.url, pino({ level: 'silent' }));
  writer = submitterOn(store);
  for (const command of everyKind('shop')) await writer.submit('shop', command);
  for (const command of oddLedger()) await writer.submit('odd', command);
  for (const command of mixedLedger()) await writer.submit('mixed', command);
  projector = await startTestProjector({ eventStoreUrl: node.url, databaseUrl: postgres.url });
  database = new pg.Client(postgres.url);
  await database.connect();
}, INSTALLING_MS);
afterAll(async () => {
  await database.end();
  await projector?.stop();
  await writer.close();
  await store.close();
  await Promise.all([node.remove(), postgres.remove()]);
  rmSync(folder, { recursive: true });
});

const place = (name: string) => join(folder, name);

function jobFor(ledger: string, out: string, changes: Partial<ExportJob> = {}): ExportJob {
  return {
    ...{ ledger, range: { from: null, to: null }, store, databaseUrl: () => postgres.url },
    ...{ output: OutputFolder.create(out), progress: () => ({ update: () => undefined }) },
    ...changes,
  };
}

async function exported(
  format: ExportFormat,
  ledger: string,
  name: string,
  changes: Partial<ExportJob> = {},
): Promise<Manifest> {
  const job = jobFor(ledger, place(name), changes);
  return exportLedger(format, job).finally(() => job.output.discard());
}

type Cells = Readonly<Record<string, string>>;

function csvIn(name: string, table: string): Cells[] {
  const text = readFileSync(join(place(name), `${table}.csv`), 'utf8');
  expect(text.endsWith('\r\n')).toBe(true);
  return parse(text, { columns: true, record_delimiter: '\r\n' });
}

/** As the document says that a text is told from what the file has. */
const withoutGuards = (row: Cells): Cells =>
  Object.fromEntries(
    Object.entries(row).map(([column, cell]) => [
      column,
      /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell,
    ]),
  );

/** The rows of a table of the read models as its file should have them; null as the empty cell. */
async function rowsOf(table: string, ledger: string): Promise<Map<string, Cells>> {
  const { rows } = await database.query<Record<string, unknown>>(
    `SELECT * FROM reporting.${table} WHERE ledger = $1`,
    [ledger],
  );
  const written = (value: unknown): string => {
    if (value === null) return '';
    if (value instanceof Date) return value.toISOString();
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  return new Map(
    rows.map((row) => {
      const cells = Object.entries(row).map(([column, value]) => [column, written(value)]);
      const expected = Object.fromEntries(cells) as Cells;
      return [keyOf(expected), expected];
    }),
  );
}

const keyOf = (row: Cells) =>
  ['event_id', 'address', 'id', 'batch_index', 'account', 'leg']
    .map((name) => row[name] ?? '')
    .join(' ');

const VIEWS = {
  ...{ accounts: 'account', transfers: 'transfer', acts: 'transfer_act', entries: 'entry' },
  refusals: 'refusal',
};

describe('an export as csv', () => {
  beforeAll(async () => {
    await exported('csv', 'shop', 'csv-shop');
    await exported('csv', 'odd', 'csv-odd');
  });

  it.each(['shop', 'odd'])('has every row and every cell of ledger %s', async (ledger) => {
    for (const [table, view] of Object.entries(VIEWS)) {
      const rows = csvIn(`csv-${ledger}`, table);
      const known = await rowsOf(view, ledger);
      expect(rows).toHaveLength(known.size);
      for (const guarded of rows) {
        const row = withoutGuards(guarded);
        const expected = known.get(keyOf(row)) ?? {};
        for (const [column, cell] of Object.entries(row)) {
          const isJson = /^[[{]/.test(cell) && /^[[{]/.test(expected[column] ?? '');
          if (isJson && expected[column] !== cell) {
            expect(JSON.parse(cell)).toEqual(JSON.parse(expected[column] ?? ''));
          } else {
            expect([table, column, cell]).toEqual([table, column, expected[column]]);
          }
        }
      }
    }
  });

  it('tells an empty text from none, and hides formulas from spreadsheets', () => {
    const text = readFileSync(join(place('csv-odd'), 'entries.csv'), 'utf8');
    const cells = text.split('\r\n').filter((line) => line.includes(',text-0,'));
    expect(cells).toEqual([expect.stringContaining(',"",'), expect.stringContaining(',"",')]);
    const told = csvIn('csv-odd', 'transfers').map(({ description }) => description);
    expect(told.filter((description) => /^[=+@\t\r]|^-/.test(description ?? ''))).toEqual([]);
    expect(told).toEqual(expect.arrayContaining(["'=1+1", "''=1", "'''=1", "'", "'-1"]));
  });

  it('adds balances up from entries', () => {
    const closing = csvIn('csv-shop', 'balances').map(({ account, closing }) => [account, closing]);
    const now = csvIn('csv-shop', 'accounts').map(({ address, balance }) => [address, balance]);
    expect(closing).toEqual(now);
  });

  it('is the same again, byte for byte, and so are the other formats', async () => {
    for (const format of ['csv', 'parquet', 'hledger'] as const) {
      const first = await exported(format, 'odd', `first-${format}`);
      expect(await exported(format, 'odd', `second-${format}`)).toEqual(first);
      for (const { name } of first.files) {
        const [one, two] = ['first', 'second'].map((which) =>
          readFileSync(join(place(`${which}-${format}`), name)),
        );
        expect(one?.equals(two ?? Buffer.alloc(0))).toBe(true);
      }
    }
  });

  it('is about when things count, between two times', async () => {
    const range = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' };
    await exported('csv', 'odd', 'csv-day', { range });
    const times = csvIn('csv-day', 'transfers').map((row) => row['effective_at'] ?? '');
    expect(times).toHaveLength(csvIn('csv-odd', 'transfers').length - 3);
    expect(times.every((time) => time.startsWith('2026-03-01'))).toBe(true);
    const [a] = csvIn('csv-day', 'balances').filter(({ account }) => account === 'ann');
    const texts = (ODD_TEXTS.length / 100).toFixed(2);
    const [before, odd_] = ['200.00', `${ODD_ACCOUNTS.indexOf('ann')}.50`];
    const credits = (Number(texts) + Number(odd_)).toFixed(2);
    expect(a).toMatchObject({ opening: before, debits: '0.00', credits });
    expect(a?.['closing']).toBe((200 + Number(credits)).toFixed(2));
  });
});

describe('an export as parquet', () => {
  async function parquetIn(name: string, table: string): Promise<Cells[]> {
    const instance = await DuckDBInstance.create(':memory:');
    const duckDb = await instance.connect();
    const file = join(place(name), `${table}.parquet`);
    const types = EXPORT_TABLES.find((it) => it.name === table)?.columns ?? {};
    const columns = Object.entries(types).map(([column, type]) =>
      type.startsWith('timestamptz')
        ? `strftime("${column}" AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') AS "${column}"`
        : `"${column}"::VARCHAR AS "${column}"`,
    );
    const answer = await duckDb.runAndReadAll(`SELECT ${columns.join(', ')} FROM '${file}'`);
    const rows = answer
      .getRowObjectsJson()
      .map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([column, value]) => [
            column,
            typeof value === 'string' ? value : '',
          ]),
        ),
      );
    duckDb.closeSync();
    instance.closeSync();
    return rows;
  }

  it.each([
    ['shop', 'DECIMAL(38,2)'],
    // Amounts that no DECIMAL holds are texts, all of them.
    ['odd', 'VARCHAR'],
  ])('has the cells of the csv, of ledger %s', async (ledger, amounts) => {
    const manifest = await exported('parquet', ledger, `parquet-${ledger}`);
    expect(manifest.amounts).toBe(amounts);
    expect(readdirSync(place(`parquet-${ledger}`)).sort()).toEqual(
      [...EXPORT_TABLES.map(({ name }) => `${name}.parquet`), 'manifest.json'].sort(),
    );
    for (const { name } of EXPORT_TABLES) {
      const plain = csvIn(`csv-${ledger}`, name).map(withoutGuards);
      expect([name, await parquetIn(`parquet-${ledger}`, name)]).toEqual([name, plain]);
    }
  });

  it('has one type for amounts of all scales', async () => {
    const manifest = await exported('parquet', 'mixed', 'parquet-mixed');
    expect(manifest.amounts).toBe('DECIMAL(38,2)');
    const balances = await parquetIn('parquet-mixed', 'balances');
    expect(balances.map(({ account, closing }) => [account, closing])).toEqual([
      ['ann', '12345678901234567890.12'],
      ['ann-yen', '7.00'],
      ['cash', '12345678901234567890.12'],
      ['yen', '7.00'],
    ]);
  });
});

describe('a journal for hledger', () => {
  async function balancesOf(ledger: string): Promise<Map<string, string>> {
    const { rows } = await database.query<Record<string, string>>(
      'SELECT address, type, currency, balance::text FROM reporting.account WHERE ledger = $1',
      [ledger],
    );
    return new Map(
      rows.map(({ address = '', type, currency = '', balance = '' }) => {
        const isDebit = normalSide(type as AccountType) === 'debit';
        const turned = balance.startsWith('-') ? balance.slice(1) : `-${balance}`;
        const commodity = /\d/.test(currency) ? `"${currency}"` : currency;
        const signed = `${isDebit ? balance : turned} ${commodity}`;
        return [address, /^[-0.]+ /.test(signed) ? '0' : signed];
      }),
    );
  }

  it.each(['shop', 'odd', 'mixed'])('adds up to the balances of ledger %s', async (ledger) => {
    const manifest = await exported('hledger', ledger, `hledger-${ledger}`);
    const journal = join(place(`hledger-${ledger}`), 'ledger.journal');
    const found = await hledgerBalances(journal);
    expect(new Map([...found].sort())).toEqual(new Map([...(await balancesOf(ledger))].sort()));
    const { rows } = await database.query<{ count: string }>(
      `SELECT count(DISTINCT (revision, batch_index)) FROM reporting.entry WHERE ledger = $1`,
      [ledger],
    );
    expect(manifest.files[0]?.rows).toBe(Number(rows[0]?.count));
  });

  it('names every transfer as Daybook does, and tells captures, reversals and batches', async () => {
    const rows = await hledger(join(place('hledger-shop'), 'ledger.journal'), 'print');
    const codes = new Set(rows.map((row) => row[4]));
    for (const id of ['deposit', 'order', 'order-back', 'exchange', 'batch-0', 'batch-1']) {
      expect(codes).toContain(id);
    }
    // Held, and never posted.
    for (const id of ['dropped', 'late', 'waiting', 'too-much']) expect(codes).not.toContain(id);
    const told = rows.map((row) => row[6]).join('\n');
    for (const tag of ['capture: order-1', 'reverses: order', 'batch: batch', 'reference: first']) {
      expect(told).toContain(tag);
    }
  });

  it('of a stretch of time begins and ends with the balances of its ends', async () => {
    const range = { from: '2026-02-28T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' };
    await exported('hledger', 'odd', 'hledger-days', { range });
    const days = await hledgerBalances(join(place('hledger-days'), 'ledger.journal'));
    const whole = join(place('hledger-odd'), 'ledger.journal');
    const until = await hledgerBalances(whole, '-e', '2026-03-02');
    for (const [account, balance] of until)
      expect([account, days.get(account)]).toEqual([account, balance]);
    const printed = await hledger(join(place('hledger-days'), 'ledger.journal'), 'print');
    expect(new Set(printed.map((row) => row[1]))).toEqual(new Set(['2026-02-28', '2026-03-01']));
  });

  it('asserts its balances, so that hledger itself finds what was changed', async () => {
    const path = join(place('hledger-mixed'), 'ledger.journal');
    const changed = readFileSync(path, 'utf8').replaceAll(/(ann|cash) {2}(-?)12/g, '$1  $213');
    writeFileSync(place('changed.journal'), changed);
    await expect(hledger(place('changed.journal'), 'balance')).rejects.toThrow(/assertion/);
  });
});

describe('one moment', () => {
  it('is what an export shows, whatever is recorded meanwhile', async () => {
    await writer.submit('mixed', postTransfer('before', [leg('cash', 'ann', '1')]));
    const job = jobFor('mixed', place('moment'));
    const counts = await inSnapshot(job, async ({ count, events, schema }) => {
      const entries = `SELECT 1 FROM ${schema}.entry WHERE ledger = 'mixed'`;
      const before = await count(entries);
      await writer.submit('mixed', postTransfer('after', [leg('cash', 'ann', '1')]));
      const applied = async () =>
        (await database.query(`SELECT 1 FROM reporting.transfer WHERE id = 'after'`)).rowCount;
      while ((await applied()) === 0);
      return [before, await count(entries), events.last.revision];
    });
    job.output.discard();
    expect(counts).toEqual([6, 6, 7]);
  });
});

describe('read models that cannot be exported', () => {
  const refused = async (kind: FailureKind, words: string, changes: Partial<ExportJob> = {}) => {
    await expect(
      exported('csv', 'mixed', 'never', { catchUpMaxMs: 0, ...changes }),
    ).rejects.toMatchObject({ kind, message: expect.stringContaining(words) as string });
    expect(readdirSync(folder).filter((name) => name.startsWith('never'))).toEqual([]);
  };

  it('of an unknown ledger', async () => {
    await refused('usage', 'There is no ledger "nobody"', { ledger: 'nobody' });
  });

  it('that are away, or not made yet', async () => {
    const elsewhere = (change: (url: URL) => void) => {
      const url = new URL(postgres.url);
      change(url);
      return { databaseUrl: () => url.href };
    };
    await refused(
      'infrastructure',
      'Postgres cannot be asked',
      elsewhere((url) => (url.port = '1')),
    );
    await database.query('CREATE DATABASE empty');
    await refused(
      'infrastructure',
      'There are no read models yet',
      elsewhere((url) => (url.pathname = '/empty')),
    );
  });

  it('that are of another version, or of another log', async () => {
    const setVersion = 'UPDATE daybook.generation SET version = $1';
    await database.query(setVersion, [READ_MODELS_VERSION - 1]);
    await refused('infrastructure', 'made by another version');
    await database.query(setVersion, [READ_MODELS_VERSION]);
    await database.query(
      `UPDATE rm_1.ledger SET event_id = gen_random_uuid() WHERE ledger = 'mixed'`,
    );
    await refused('refused', 'are not of this event store');
  });

  it('that are behind, as the command says', async () => {
    await projector?.stop();
    projector = undefined;
    await writer.submit('mixed', postTransfer('unseen', [leg('cash', 'ann', '1')]));
    await refused('infrastructure', 'are at revision 8 and the log is at 9');
    const words = ['export', '--ledger', 'shop', '--format', 'csv', '--out', place('by-command')];
    const stores = { eventStoreUrl: node.url, databaseUrl: postgres.url };
    const { code, out, err } = await finished(runOn(stores, ...words));
    expect(code).toBe(0);
    expect(out).toContain('as csv to');
    expect(err).toContain('csv rows 100%');
  });
});
