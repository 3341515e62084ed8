// `daybook export`: a ledger as files, for other programs and for safe keeping. Only reads the stores.
import { Option } from 'commander';
import { EventStoreUnavailable } from '../event-store/event-store.js';
import { eventStoreDb } from '../event-store/eventstoredb.js';
import { Failure } from '../platform/failure.js';
import { createLogger } from '../platform/logger.js';
import { databaseUrl, eventStoreUrl, loadConfig } from '../platform/service-config.js';
import { type ExportJob } from './export/export-job.js';
import { exportLedger } from './export/export-ledger.js';
import { type ExportFormat, FORMATS, type Manifest } from './export/manifest.js';
import { OutputFolder } from './export/output-folder.js';
import { timeOf } from './export/time-range.js';
import { checkLedgerId } from './ledger-id.js';
import { type RegisterVerb } from './register-verb.js';
import { type Progress, type Terminal, createTerminal } from './terminal.js';

interface ExportOptions {
  readonly ledger: string;
  readonly format: ExportFormat;
  readonly from?: string;
  readonly to?: string;
  readonly out: string;
  readonly json?: true;
}

export const registerExport: RegisterVerb = (program) => {
  program
    .command('export')
    .description('write a ledger into files, see docs/export.md')
    .requiredOption('--ledger <id>', 'the ledger')
    .addOption(
      new Option('--format <format>', 'what to write').choices(FORMATS).makeOptionMandatory(),
    )
    .option('--from <time>', 'leave out what is before this date or time', timeOf)
    .option('--to <time>', 'leave out what is not before this date or time', timeOf)
    .requiredOption('--out <dir>', 'a folder that does not exist yet')
    .action(async (options: ExportOptions) => {
      const terminal = createTerminal({ json: options.json ?? false });
      checkOptions(options);
      const output = OutputFolder.create(options.out);
      const manifest = await Promise.race([runExport(options, output, terminal), stopped()])
        .catch((error: unknown) => {
          throw asFailure(error);
        })
        .finally(() => output.discard());
      terminal.result({ out: output.out, manifest }, summaryText(output.out, manifest));
    });
};

function checkOptions({ ledger, from, to }: ExportOptions): void {
  checkLedgerId(ledger);
  if (from !== undefined && to !== undefined && from >= to) {
    throw new Failure('usage', `--from ${from} is not before --to ${to}: nothing lies between.`);
  }
}

async function runExport(
  { ledger, format, from, to }: ExportOptions,
  output: OutputFolder,
  terminal: Terminal,
): Promise<Manifest> {
  // What happens to the connection is told below, in words for whoever watches.
  const config = loadConfig();
  const store = eventStoreDb(eventStoreUrl(config), createLogger('export', 'silent'));
  let shown: Progress | undefined;
  try {
    const range = { from: from ?? null, to: to ?? null };
    const progress: ExportJob['progress'] = (label, total) => {
      shown?.stop();
      shown = terminal.progress(`${format} ${label}`, total);
      return shown;
    };
    const job = { ledger, range, store, databaseUrl: () => databaseUrl(config), output, progress };
    return await exportLedger(format, job);
  } finally {
    shown?.stop();
    await store.close();
  }
}

/** Rejects once the process is asked to end; what is under way then is left alone. */
function stopped(): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () =>
      reject(new Failure('refused', 'The export was stopped: nothing is written.'));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  });
}

function asFailure(error: unknown): unknown {
  if (!(error instanceof EventStoreUnavailable)) return error;
  const message = `The event store does not answer (${error.message}): nothing is written.`;
  return new Failure('infrastructure', message, { cause: error });
}

function summaryText(out: string, { ledger, format, events, files }: Manifest): string {
  const revisions = events
    ? `revisions ${events.first.revision} to ${events.last.revision}`
    : 'no events in this stretch of time';
  return [
    `Exported ledger "${ledger}" as ${format} to ${out}: ${revisions}.`,
    ...files.map(({ name, rows, bytes }) => `  ${name}: ${rows} rows, ${bytes} bytes`),
  ].join('\n');
}
