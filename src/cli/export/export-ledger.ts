// All formats of an export, and what they share.
import { exportCsv } from './export-csv.js';
import { exportEvents } from './export-events.js';
import { exportHledger } from './export-hledger.js';
import { type ExportJob, type Exported } from './export-job.js';
import { type ExportFormat, FORMAT_VERSION, type Manifest, writer } from './manifest.js';

const EXPORTS: Record<ExportFormat, (job: ExportJob) => Promise<Exported>> = {
  csv: exportCsv,
  jsonl: exportEvents,
  hledger: exportHledger,
  // DuckDB is big: it is loaded by whoever needs it.
  parquet: async (job) => (await import('./export-parquet.js')).exportParquet(job),
};

/** Writes the files and the manifest, and completes the folder. Throws a Failure. */
export async function exportLedger(format: ExportFormat, job: ExportJob): Promise<Manifest> {
  const { ledger, range, output } = job;
  const { axis, ...exported } = await EXPORTS[format](job);
  const manifest: Manifest = {
    ...{ formatVersion: FORMAT_VERSION, format, ledger, writtenBy: writer() },
    ...{ range: { axis, ...range }, ...exported },
  };
  await output.complete(manifest);
  return manifest;
}
