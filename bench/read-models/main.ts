// npm run bench:read-models -- [--accounts n] [--transfers n] [--rounds n]: how fast read models are rebuilt
// and verified, against the bare client reading the same log; what questions cost meanwhile, and how far
// the live read models are behind. Exits 1 when a question fails or is told of an earlier place.
import { parseArgs } from 'node:util';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { createLogger } from '../../src/platform/logger.js';
import { createPool } from '../../src/platform/postgres.js';
import { readBare } from '../ceilings/bare-client.js';
import { runVerb } from '../command-line.js';
import { computerLine, thisComputer } from '../computer.js';
import { aligned, median, percentile } from '../report.js';
import { type BenchStores, startStores } from '../stores.js';
import { History, type Size } from './history.js';
import { type Asked, askUntil } from './inquirer.js';
import { lags } from './lag.js';
import { DROP, REBUILD, VERIFY, applied } from './operations.js';

const QUESTIONS_PER_SECOND = 200;
const LAG = { rate: 1_000, seconds: 15 };

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<boolean> {
  const { size, rounds } = readArguments();
  const log = createLogger('bench', 'silent');
  say(computerLine(thisComputer()));
  const stores = await startStores();
  const store = eventStoreDb(stores.eventStoreUrl, log);
  const { databaseUrl } = stores;
  const pool = createPool({ databaseUrl, applicationName: 'bench', logger: log, size: 1 });
  try {
    const history = new History(store);
    await history.write(size, say);
    await stores.startProjector();
    const api = await stores.startApi();
    await applied(pool, history.events);
    say(`${size.transfers} transfers over ${size.accounts} accounts, projected`);
    await measureRates(stores, history.events, rounds);
    const place = { url: api.url, token: stores.token, accounts: size.accounts };
    const isRight = await measureQuestions(stores, place);
    tell('lag of the live read models', await lags({ history, pool }, size, LAG));
    return isRight;
  } finally {
    await Promise.all([pool.end(), store.close()]);
    await stores.remove();
  }
}

function readArguments(): { size: Size; rounds: number } {
  const { values } = parseArgs({
    options: {
      accounts: { type: 'string', default: '5000' },
      transfers: { type: 'string', default: '100000' },
      rounds: { type: 'string', default: '3' },
    },
  });
  const [accounts, transfers, rounds] = [values.accounts, values.transfers, values.rounds].map(
    Number,
  );
  if (!(accounts && accounts > 1 && transfers && transfers > 0 && rounds && rounds > 0)) {
    throw new Error('give numbers above zero, and 2 accounts or more');
  }
  return { size: { accounts, transfers }, rounds };
}

/** In turn, so that whatever else the machine does hits all of them. */
async function measureRates(stores: BenchStores, events: number, rounds: number): Promise<void> {
  const runs: Record<string, { ms: number; memoryMb?: number }[]> = {
    'bare client': [],
    rebuild: [],
    verify: [],
  };
  for (let round = 0; round < rounds; round += 1) {
    const bare = await readBare(stores.eventStoreUrl);
    runs['bare client']?.push(bare);
    await runVerb(DROP, stores.settings);
    runs['rebuild']?.push(await runVerb(REBUILD, stores.settings));
    runs['verify']?.push(await runVerb(VERIFY, stores.settings));
  }
  const bareMs = runs['bare client']?.map(({ ms }) => ms) ?? [];
  const rows = Object.entries(runs).map(([name, all]) => [
    name,
    (events / (median(all.map(({ ms }) => ms)) / 1_000)).toFixed(0),
    median(all.map(({ ms }, round) => (bareMs[round] ?? NaN) / ms)).toFixed(2),
    highest(all.flatMap(({ memoryMb }) => memoryMb ?? [])),
  ]);
  const head = ['', 'events/s', 'of the bare client', 'memory MB'];
  say(aligned([head, head.map(() => '-'), ...rows]));
}

/** Nothing when there is none. */
function highest(values: readonly number[]): string {
  return values.length === 0 ? '' : Math.max(...values).toFixed(0);
}

async function measureQuestions(
  stores: BenchStores,
  place: { url: string; token: string; accounts: number },
): Promise<boolean> {
  const done = new AbortController();
  const asking = askUntil(place, QUESTIONS_PER_SECOND, done.signal);
  await runVerb(DROP, stores.settings);
  const { ms } = await runVerb(REBUILD, stores.settings);
  done.abort();
  const asked = await asking;
  say(
    `rebuild while ${QUESTIONS_PER_SECOND} questions a second are asked: ${(ms / 1_000).toFixed(1)} s`,
  );
  for (const [name, latencies] of asked.latencies) tell(name, latencies);
  return tellFailures(asked);
}

function tell(name: string, latencies: readonly number[]): void {
  const at = (percent: number) => `${percentile(latencies, percent).toFixed(1)} ms`;
  say(`${name}: p50 ${at(50)}, p99 ${at(99)} (${latencies.length})`);
}

function tellFailures({ questions, failures }: Asked): boolean {
  const wrong = Object.entries(failures);
  say(`${questions} questions, ${wrong.length === 0 ? 'none failed' : 'WRONG:'}`);
  for (const [what, count] of wrong) say(`  ${count}: ${what}`);
  return wrong.length === 0;
}

process.exitCode = (await main()) ? 0 : 1;
