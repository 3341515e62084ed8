// `daybook import`: accounts or transfers of a CSV file into a ledger, through the same decisions as the
// API, in this process; or the events of an exported ledger, as they are. Safe to run again.
import { Option } from 'commander';
import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { createLedgerWriters } from '../commands/ledger-writer/create-ledger-writers.js';
import { type Causation } from '../event-store/codec.js';
import { type EventStore } from '../event-store/event-store.js';
import { eventStoreDb } from '../event-store/eventstoredb.js';
import { Failure, FindingsTold } from '../platform/failure.js';
import { createLogger } from '../platform/logger.js';
import { eventStoreUrl, loadConfig } from '../platform/service-config.js';
import { eventsImportText, importEvents } from './import/import-events.js';
import { type FileImport, type ImportSummary, importFile, sizeOf } from './import/import-file.js';
import { summaryText } from './import/summary-text.js';
import { isComplete } from './import/tally.js';
import { type RegisterVerb } from './register-verb.js';
import { type Terminal, createTerminal } from './terminal.js';
import { userName } from './user-name.js';

const FORMATS = ['csv', 'jsonl'] as const;

interface ImportOptions {
  readonly ledger?: string;
  readonly format?: (typeof FORMATS)[number];
  readonly json?: true;
}

export const registerImport: RegisterVerb = (program) => {
  program
    .command('import')
    .description('import a CSV file of accounts or transfers, or an exported ledger')
    .argument('<path>', 'a CSV file (docs/importing.md), or the folder of a jsonl export')
    .option('--ledger <id>', 'the ledger; of a CSV file, opened when it does not exist')
    .addOption(
      new Option('--format <format>', 'what it is; a folder is jsonl, a file csv').choices(FORMATS),
    )
    .action(async (path: string, { ledger, format = formatOf(path), json }: ImportOptions) => {
      const terminal = createTerminal({ json: json ?? false });
      await (format === 'jsonl'
        ? importLedger(path, ledger, terminal)
        : importRows(path, ledger, terminal));
    });
};

function formatOf(path: string): (typeof FORMATS)[number] {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder || path.endsWith('.jsonl') ? 'jsonl' : 'csv';
}

async function importLedger(
  path: string,
  ledger: string | undefined,
  terminal: Terminal,
): Promise<void> {
  const startedAt = performance.now();
  const imported = await withStore((store) => importEvents({ path, ledger }, store, terminal));
  const elapsedMs = Math.round(performance.now() - startedAt);
  terminal.result({ ...imported, elapsedMs }, eventsImportText(imported));
}

async function importRows(
  path: string,
  ledger: string | undefined,
  terminal: Terminal,
): Promise<void> {
  if (ledger === undefined) {
    throw new Failure('usage', 'Say with --ledger into which ledger the rows go.');
  }
  const bytes = sizeOf(path);
  const startedAt = performance.now();
  const summary = await withStore((store) => importInto(store, { path, ledger, bytes }, terminal));
  const elapsedMs = Math.round(performance.now() - startedAt);
  const whole = { file: path, ledger, ...summary, elapsedMs };
  terminal.result(whole, summaryText(whole));
  if (!isComplete(summary)) throw new FindingsTold();
}

async function withStore<T>(work: (store: EventStore) => Promise<T>): Promise<T> {
  // What happens to the connection is told by the imports, in words for whoever watches.
  const store = eventStoreDb(eventStoreUrl(loadConfig()), createLogger('import', 'silent'));
  return work(store).finally(() => store.close());
}

async function importInto(
  store: EventStore,
  { path, ledger, bytes }: { path: string; ledger: string; bytes: number },
  terminal: Terminal,
): Promise<ImportSummary> {
  const writers = createLedgerWriters(store, createLogger('import', 'silent'));
  const progress = terminal.progress(`import ${basename(path)}`, bytes);
  const job: FileImport = {
    path,
    writers,
    ledger,
    causation: causationOf(userName()),
    onProgress: (done) => progress.update(done),
    onLedgerOpened: () => terminal.say(`There was no ledger "${ledger}": opened it.`),
    onTrouble: (error) => terminal.say(`${error.message}; trying again`),
  };
  try {
    return await importFile(job);
  } finally {
    progress.stop();
    await writers.close();
  }
}

function causationOf(user: string): Causation {
  const run = randomUUID();
  return {
    actor: `cli:${user}`,
    requestId: run,
    correlationId: run,
    causationId: run,
    clientAddress: null,
  };
}
