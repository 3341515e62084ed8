// npm run bench:big-ledger -- [--accounts n] [--transfers n] [--tail n] [--only-snapshot] [--from-the-log]:
// how long the first command to a big ledger takes in a new API process, and how much memory it then has.
// With --only-snapshot the history before the snapshot is made up, which is quick; with --from-the-log
// it is measured as well how long it takes without a snapshot.
import { parseArgs } from 'node:util';
import pg from 'pg';
import { createLogger } from '../../src/platform/logger.js';
import { buildLedger } from './build-ledger.js';
import { postTransfer } from './post-transfer.js';
import { type BenchStores, startStores } from '../stores.js';

/** One less than what makes the next snapshot due: the longest tail that there is. */
const TAIL_DEFAULT = '9999';
const MEGABYTE = 1_000_000;

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      accounts: { type: 'string', default: '20000' },
      transfers: { type: 'string', default: '100000' },
      tail: { type: 'string', default: TAIL_DEFAULT },
      'only-snapshot': { type: 'boolean', default: false },
      'from-the-log': { type: 'boolean', default: false },
    },
  });
  const size = {
    accounts: Number(values.accounts),
    transfers: Number(values.transfers),
    tail: Number(values.tail),
  };
  if (!(size.accounts > 1 && size.transfers >= 0 && size.tail >= 0)) {
    throw new Error('give numbers, and 2 accounts or more');
  }
  const log = createLogger('bench', 'warn');
  const stores = await startStores();
  try {
    await buildLedger(stores, size, { log, say, onlySnapshot: values['only-snapshot'] });
    say(
      `${size.accounts} accounts, ${size.transfers} transfers, and ${size.tail} after the snapshot`,
    );
    await tellSizes(stores);
    await measure(stores, 'from the snapshot');
    if (!values['from-the-log']) return;
    await onPostgres(stores, (client) => client.query('DELETE FROM daybook.snapshot'));
    await measure(stores, 'from the log alone');
  } finally {
    await stores.remove();
  }
}

async function measure(stores: BenchStores, how: string): Promise<void> {
  const api = await stores.startApi();
  const before = api.used();
  const first = await timed(() => postTransfer(api.url, stores.token));
  const after = api.used();
  const second = await timed(() => postTransfer(api.url, stores.token));
  say(`${how}: API listens after ${api.startMs.toFixed(0)} ms (${before?.memoryMb.toFixed(0)} MB)`);
  const cpuMs = (after?.cpuMs ?? NaN) - (before?.cpuMs ?? NaN);
  say(`  first command ${first.toFixed(0)} ms (${cpuMs.toFixed(0)} ms of CPU in the API process)`);
  say(`  second ${second.toFixed(1)} ms`);
  say(`  resident ${after?.memoryMb.toFixed(0)} MB, at most ${after?.memoryMostMb.toFixed(0)} MB`);
  await api.stop();
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function tellSizes(stores: BenchStores): Promise<void> {
  await onPostgres(stores, async (client) => {
    for (const table of ['snapshot_value', 'snapshot_records']) {
      const { rows } = await client.query<{ count: string; bytes: string }>(
        `SELECT (SELECT count(*) FROM daybook.${table}) AS count,
           pg_total_relation_size('daybook.${table}') AS bytes`,
      );
      const [row] = rows;
      say(`${table}: ${row?.count} rows, ${(Number(row?.bytes) / MEGABYTE).toFixed(0)} MB`);
    }
  });
}

async function onPostgres(
  { databaseUrl }: BenchStores,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await work(client);
  await client.end();
}

await main();
