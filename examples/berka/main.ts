// npm run example:berka -- <folder> [--rows <n>]: a real bank's transactions through Daybook, and then
// held against what the bank itself had recorded. Exits 1 when anything differs.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type EventStore } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { EXIT_CODES, EXIT_OK, Failure } from '../../src/platform/failure.js';
import { createLogger } from '../../src/platform/logger.js';
import { createPool } from '../../src/platform/postgres.js';
import { addUp } from './bank-books.js';
import { type Check, chainFigures, compare } from './compare.js';
import { convert } from './convert.js';
import { askDaybook, caughtUp } from './read-model.js';
import { type RunningDaybook, runningDaybook } from './running-daybook.js';
import { bankTransactions } from './source.js';

const LEDGER = 'berka';

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<number> {
  const { source, limit } = readArguments();
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());
  const files = mkdtempSync(join(tmpdir(), 'berka-csv-'));
  const daybook = await runningDaybook(say);
  try {
    const interrupted = new Promise<never>((_resolve, reject) => {
      stopping.signal.addEventListener('abort', () =>
        reject(new Failure('infrastructure', 'Interrupted.')),
      );
    });
    const task = { source, files, limit, signal: stopping.signal };
    return await Promise.race([demonstrate(daybook, task), interrupted]);
  } finally {
    await daybook.stop();
    rmSync(files, { recursive: true, force: true });
  }
}

function readArguments(): { source: string; limit: number } {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { rows: { type: 'string' } },
  });
  const [source] = positionals;
  const rows = values.rows ?? 'all';
  if (source === undefined || !/^(all|[1-9]\d{0,8})$/.test(rows)) {
    const usage = 'npm run example:berka -- <folder with trans.asc and account.asc> [--rows <n>]';
    throw new Failure('usage', `Usage: ${usage}`);
  }
  const missing = ['trans.asc', 'account.asc'].filter((name) => !existsSync(join(source, name)));
  if (missing.length > 0) throw new Failure('usage', `${source} lacks ${missing.join(' and ')}.`);
  return { source, limit: rows === 'all' ? Infinity : Number(rows) };
}

interface Task {
  readonly source: string;
  /** Folder for the converted files. */
  readonly files: string;
  readonly limit: number;
  readonly signal: AbortSignal;
}

async function demonstrate(
  daybook: RunningDaybook,
  { source, files, limit, signal }: Task,
): Promise<number> {
  const csv = await convert(source, files, limit);
  const startedAt = performance.now();
  for (const file of [csv.accounts, csv.transfers]) {
    const exitCode = await daybook.run(['import', file, '--ledger', LEDGER], signal);
    if (exitCode !== EXIT_OK) return exitCode;
  }
  const importedAt = performance.now();
  const log = createLogger('berka', 'silent');
  const store: EventStore = eventStoreDb(daybook.eventStoreUrl, log);
  const pool = createPool({
    databaseUrl: daybook.databaseUrl,
    applicationName: 'berka',
    logger: log,
  });
  try {
    await caughtUp(pool, store, LEDGER);
    const projectedAt = performance.now();
    const bank = await addUp(bankTransactions(source, limit));
    const checks = compare(bank, await askDaybook(pool, LEDGER));
    say(timesOf({ rows: bank.transactions, startedAt, importedAt, projectedAt }));
    say(`In the file itself: ${chainFigures(bank).join('; ')}.`);
    for (const check of checks) say(lineOf(check));
    const differing = checks.filter(({ isTrue }) => !isTrue).length;
    say(differing === 0 ? 'Daybook agrees with the bank.' : `${differing} claims do not hold.`);
    return differing === 0 ? EXIT_OK : EXIT_CODES.findings;
  } finally {
    await Promise.all([pool.end(), store.close()]);
  }
}

function lineOf({ claim, isTrue, detail }: Check): string {
  return `${isTrue ? 'ok     ' : 'DIFFERS'} ${claim}: ${detail}`;
}

function timesOf(times: {
  rows: number;
  startedAt: number;
  importedAt: number;
  projectedAt: number;
}): string {
  const seconds = (from: number, to: number) => (to - from) / 1_000;
  const all = seconds(times.startedAt, times.projectedAt);
  return (
    `${times.rows} transactions in ${all.toFixed(1)} s (${Math.round(times.rows / all)} per second): ` +
    `import ${seconds(times.startedAt, times.importedAt).toFixed(1)} s, ` +
    `then ${seconds(times.importedAt, times.projectedAt).toFixed(1)} s until the read models had all.`
  );
}

async function exitCodeOf(work: Promise<number>): Promise<number> {
  try {
    return await work;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof Failure ? EXIT_CODES[error.kind] : EXIT_CODES.infrastructure;
  }
}

process.exit(await exitCodeOf(main()));
