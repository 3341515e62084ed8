// What the two baselines have in common: a database of their own on the same Postgres, and a process.
import pg from 'pg';
import { createLogger } from '../../src/platform/logger.js';
import { createPool } from '../../src/platform/postgres.js';
import { type BenchStores } from '../stores.js';
import { type Booked, type Books, type Contender } from './contender.js';
import { databaseBytes } from './disk.js';

export interface Baseline {
  readonly name: string;
  /** Below bench. */
  readonly script: string;
  readonly database: string;
  /** Makes its tables. */
  prepare(place: BaselinePlace): Promise<void>;
  openLedger(place: BaselinePlace, ledger: string, books: Books): Promise<void>;
  booked(pool: pg.Pool, ledger: string): AsyncIterable<Booked>;
}

export interface BaselinePlace {
  readonly pool: pg.Pool;
  readonly databaseUrl: string;
}

/** Throws with the reason of a process that does not start. */
export async function startBaseline(
  stores: BenchStores,
  baseline: Baseline,
  processes: number,
): Promise<Contender> {
  const place = await databaseFor(stores, baseline);
  const { pool, databaseUrl } = place;
  const start = () => stores.startOwn(baseline.script, { BASELINE_DATABASE_URL: databaseUrl });
  const apis = await Promise.all(Array.from({ length: processes }, start));
  return {
    name: baseline.name,
    urls: apis.map(({ url }) => url),
    token: stores.token,
    processes: {
      ...Object.fromEntries(apis.map(({ pid }, n) => [n === 0 ? 'api' : `api ${n + 1}`, pid])),
      postgres: stores.postgres.pid,
    },
    open: async (books) => {
      for (const ledger of books.ledgers) await baseline.openLedger(place, ledger, books);
      // What a table that was just filled would otherwise be planned by.
      await pool.query('ANALYZE account');
    },
    settled: () => Promise.resolve(),
    booked: (ledger) => baseline.booked(pool, ledger),
    balances: (ledger) => balancesIn(pool, ledger),
    bytes: async () => ({ log: 0, postgres: await databaseBytes(pool) }),
    close: async () => {
      await Promise.all(apis.map((api) => api.stop()));
      await pool.end();
    },
  };
}

async function databaseFor(stores: BenchStores, baseline: Baseline): Promise<BaselinePlace> {
  const url = new URL(stores.databaseUrl);
  url.pathname = `/${baseline.database}`;
  const databaseUrl = url.href;
  const admin = new pg.Client({ connectionString: stores.databaseUrl });
  await admin.connect();
  const found = await admin.query('SELECT FROM pg_database WHERE datname = $1', [
    baseline.database,
  ]);
  if (found.rowCount === 0) await admin.query(`CREATE DATABASE ${baseline.database}`);
  await admin.end();
  const logger = createLogger('bench', 'silent');
  const pool = createPool({ databaseUrl, applicationName: 'bench', logger, size: 1 });
  const place = { pool, databaseUrl };
  if (found.rowCount === 0) await baseline.prepare(place);
  return place;
}

async function balancesIn(pool: pg.Pool, ledger: string): Promise<Map<string, bigint>> {
  const { rows } = await pool.query<{ address: string; balance: string }>(
    'SELECT address, balance FROM account WHERE ledger = $1',
    [ledger],
  );
  return new Map(rows.map(({ address, balance }) => [address, BigInt(balance)]));
}
