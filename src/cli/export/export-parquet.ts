// Format `parquet`: the tables of `csv`, with types. They are written as CSV first, which takes the
// memory of a few rows, and DuckDB turns one file after the other into Parquet.
import { rmSync } from 'node:fs';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type ColumnType } from '../../../projections/engine/table.js';
import { Failure } from '../../platform/failure.js';
import { writeTables } from './export-csv.js';
import { type FileRecord, recordOf } from './export-file.js';
import { type ExportJob, type Exported } from './export-job.js';
import { FORMAT_VERSION, type Manifest, writer } from './manifest.js';
import { inSnapshot } from './snapshot.js';
import { EXPORT_TABLES, type ExportTable } from './tables.js';

/** Digits of a DECIMAL at most, before and after its point. */
const DECIMAL_DIGITS = 38;
/** Rows that are in memory at once; a transfer of 100 legs takes some ten kilobytes. */
const ROW_GROUP_ROWS = 20_480;
const MEMORY_LIMIT = '400MB';
/** Characters of one row at most: an atomic batch of 1,000 transfers that all were refused. */
const ROW_LENGTH_MAX = 16 * 1024 * 1024;

/** `range` is about when something counts in the books. */
export async function exportParquet(job: ExportJob): Promise<Exported> {
  const digits = { before: 1, after: 0 };
  const { events, written } = await inSnapshot(job, async (snapshot) => ({
    events: snapshot.events,
    written: await writeTables(job, snapshot, ({ columns }, row) => {
      Object.values(columns).forEach((type, column) => {
        if (type.startsWith('numeric')) widen(digits, row[column] ?? '');
      });
      return row;
    }),
  }));
  const amounts = amountType(digits);
  const metadata = metadataOf(job, events);
  const shown = job.progress('files', written.length);
  const files: FileRecord[] = [];
  for (const [index, { rows }] of written.entries()) {
    const table = EXPORT_TABLES[index];
    if (table) files.push(await convert(job, table, { rows, amounts, metadata }));
    shown.update(index + 1);
  }
  return { axis: 'effective', events, amounts, files };
}

/** The most digits of any amount before and after its point. */
interface Digits {
  before: number;
  after: number;
}

function widen(digits: Digits, amount: string): void {
  const [whole = '', fraction = ''] = amount.replace('-', '').split('.');
  digits.before = Math.max(digits.before, whole.length);
  digits.after = Math.max(digits.after, fraction.length);
}

/** One type for all amounts of an export. What no DECIMAL can hold is text: never cut, and never null. */
function amountType({ before, after }: Digits): string {
  return before + after <= DECIMAL_DIGITS ? `DECIMAL(${DECIMAL_DIGITS},${after})` : 'VARCHAR';
}

function duckType(type: ColumnType, amounts: string): string {
  const [name = ''] = type.split('?');
  const types: Readonly<Record<string, string>> = {
    numeric: amounts,
    bigint: 'BIGINT',
    integer: 'INTEGER',
    boolean: 'BOOLEAN',
    timestamptz: 'TIMESTAMPTZ',
  };
  return types[name] ?? 'VARCHAR';
}

interface Conversion {
  readonly rows: number;
  readonly amounts: string;
  readonly metadata: Readonly<Record<string, string>>;
}

async function convert(
  { output }: ExportJob,
  { name, columns }: ExportTable,
  { rows, amounts, metadata }: Conversion,
): Promise<FileRecord> {
  const [from, to] = [output.pathOf(`${name}.csv`), output.pathOf(`${name}.parquet`)];
  const types = Object.entries(columns).map(([column, type]) => [column, duckType(type, amounts)]);
  await withDuckDb(output.pathOf('duckdb'), async (duckDb) => {
    await duckDb.run(
      `COPY (
         SELECT * FROM read_csv(${quoted(from)}, auto_detect = false, header = true, delim = ',',
           quote = '"', escape = '"', new_line = '\\r\\n', nullstr = '', allow_quoted_nulls = false,
           parallel = false, max_line_size = ${ROW_LENGTH_MAX}, columns = ${struct(types)})
       ) TO ${quoted(to)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS},
         KV_METADATA ${struct(Object.entries(metadata))})`,
    );
  });
  rmSync(from);
  return { ...(await recordOf(to)), rows };
}

async function withDuckDb(
  folder: string,
  work: (duckDb: DuckDBConnection) => Promise<void>,
): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', {
    // One thread, so that the same rows give the same bytes.
    threads: '1',
    memory_limit: MEMORY_LIMIT,
    temp_directory: folder,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  try {
    const duckDb = await instance.connect();
    await work(duckDb);
    duckDb.closeSync();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure('infrastructure', `Parquet could not be written: ${reason}`, {
      cause: error,
    });
  } finally {
    instance.closeSync();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a file tells about itself, wherever it is taken. */
function metadataOf({ ledger }: ExportJob, events: Manifest['events']): Record<string, string> {
  return {
    'daybook.formatVersion': String(FORMAT_VERSION),
    'daybook.writtenBy': writer(),
    'daybook.ledger': ledger,
    'daybook.revision': String(events?.last.revision),
    'daybook.hash': String(events?.last.hash),
  };
}

function struct(pairs: readonly (readonly string[])[]): string {
  return `{${pairs.map(([name = '', value = '']) => `${quoted(name)}: ${quoted(value)}`).join(', ')}}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
