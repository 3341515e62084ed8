// `daybook import`: a CSV file of accounts or transfers into a ledger, through the same decisions as the
// API, in this process. Safe beside running API processes, and safe to run again.
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { createLedgerWriters } from '../commands/ledger-writer/create-ledger-writers.js';
import { type Causation } from '../event-store/codec.js';
import { eventStoreDb } from '../event-store/eventstoredb.js';
import { EXIT_CODES } from '../platform/failure.js';
import { createLogger } from '../platform/logger.js';
import { eventStoreUrl, loadConfig } from '../platform/service-config.js';
import { type FileImport, type ImportSummary, importFile, sizeOf } from './import/import-file.js';
import { summaryText } from './import/summary-text.js';
import { isComplete } from './import/tally.js';
import { type Terminal, createTerminal } from './terminal.js';
import { userName } from './user-name.js';
import { type RegisterVerb } from './register-verb.js';

interface ImportOptions {
  ledger: string;
  json?: true;
}

export const registerImport: RegisterVerb = (program) => {
  program
    .command('import')
    .description('import a CSV file of accounts or transfers; safe to run again')
    .argument('<file.csv>', 'its header tells what it holds, see docs/importing.md')
    .requiredOption('--ledger <id>', 'the ledger, opened when it does not exist')
    .action(async (path: string, { ledger, json }: ImportOptions) => {
      const terminal = createTerminal({ json: json ?? false });
      const startedAt = performance.now();
      const summary = await runImport(path, ledger, terminal);
      const elapsedMs = Math.round(performance.now() - startedAt);
      const whole = { file: path, ledger, ...summary, elapsedMs };
      terminal.result(whole, summaryText(whole));
      // The result has been told; only the exit code still says that it is not all good.
      if (!isComplete(summary)) process.exit(EXIT_CODES.findings);
    });
};

async function runImport(path: string, ledger: string, terminal: Terminal): Promise<ImportSummary> {
  const bytes = sizeOf(path);
  // What happens to the connection is told below, in words for whoever watches.
  const log = createLogger('import', 'silent');
  const store = eventStoreDb(eventStoreUrl(loadConfig()), log);
  const writers = createLedgerWriters(store, log);
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
    await store.close();
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
