// Reads a snapshot whole, as of one moment, checking every row against its checksum. The next rows are
// fetched while the ones before are being folded in.
import { type ClientBase, type Pool, type QueryResultRow } from 'pg';
import { crc32 } from 'node:zlib';
import {
  SnapshotDamaged,
  type SnapshotHead,
  type SnapshotPart,
} from '../commands/ledger-writer/snapshot-store.js';
import { BEGIN_READING, HEAD, RECORDS_AFTER, VALUES_AFTER } from './statements.js';
import { LINE_END, readValueLine } from './value-lines.js';

/** Values fetched with one statement. */
const VALUES_AT_ONCE = 5_000;
/** Rows of records fetched with one statement; each has 1 MiB at most. */
const RECORDS_AT_ONCE = 4;

interface HeadRow {
  readonly id: string;
  readonly fold_version: number;
  readonly revision: string;
  readonly hash: string;
  readonly summary: string;
  readonly checksum: string;
}

interface ValuesRow {
  readonly map: string;
  readonly last_key: string;
  readonly lines: string;
}

interface RecordsRow {
  readonly map: string;
  readonly number: number;
  readonly records: Buffer;
  readonly checksum: string;
}

type TakePart = (part: SnapshotPart) => Promise<void>;

/** What SQL calls a head, in the order of its parameters. */
export function headColumns({ foldVersion, revision, hash }: SnapshotHead) {
  return [foldVersion, revision, hash];
}

export async function storedHead(database: Pool | ClientBase, ledger: string) {
  const { rows } = await database.query<HeadRow>(HEAD, [ledger]);
  const [row] = rows;
  if (!row) return undefined;
  const { fold_version: foldVersion, revision, hash } = row;
  const head: SnapshotHead = { foldVersion, revision: Number(revision), hash };
  return { head, row };
}

export async function readSnapshot(
  database: ClientBase,
  ledger: string,
  head: SnapshotHead,
  take: TakePart,
): Promise<void> {
  await database.query(BEGIN_READING);
  const stored = await storedHead(database, ledger);
  if (!stored || String(headColumns(stored.head)) !== String(headColumns(head))) {
    throw new SnapshotDamaged('it is no longer there');
  }
  const { id, summary, checksum } = stored.row;
  check(summary, checksum, 'the summary');
  await take({ kind: 'summary', summary });
  await readValues(database, id, take);
  await readRecords(database, id, take);
  await database.query('COMMIT');
}

async function readValues(database: ClientBase, id: string, take: TakePart): Promise<void> {
  const pages = pagesOf<ValuesRow>((last) => {
    const after = last ? [last.map, last.last_key] : ['', ''];
    return database.query<ValuesRow>(VALUES_AFTER, [id, ...after, VALUES_AT_ONCE]);
  });
  for await (const { map, lines } of pages) {
    const entries = lines.split(LINE_END).map((line) => {
      const entry = readValueLine(line);
      if (!entry) throw new SnapshotDamaged(`a value of ${map} does not match its checksum`);
      return entry;
    });
    await take({ kind: 'values', map, entries });
  }
}

async function readRecords(database: ClientBase, id: string, take: TakePart): Promise<void> {
  const pages = pagesOf<RecordsRow>((last) => {
    const after = last ? [last.map, last.number] : ['', 0];
    return database.query<RecordsRow>(RECORDS_AFTER, [id, ...after, RECORDS_AT_ONCE]);
  });
  for await (const { map, number, records, checksum } of pages) {
    check(records, checksum, `part ${number} of ${map}`);
    await take({ kind: 'records', map, bytes: records });
  }
}

/** The rows of all pages; each next page is on its way while the one before is being used. */
async function* pagesOf<Row extends QueryResultRow>(
  fetch: (last: Row | undefined) => Promise<{ rows: Row[] }>,
): AsyncGenerator<Row> {
  let next = fetch(undefined);
  for (;;) {
    const { rows } = await next;
    const last = rows.at(-1);
    if (last === undefined) return;
    next = fetch(last);
    // Whoever stops reading does not wait for it, and its failure must not go unheard.
    next.catch(() => undefined);
    yield* rows;
  }
}

function check(content: string | Buffer, checksum: string, what: string): void {
  if (String(crc32(content)) === checksum) return;
  throw new SnapshotDamaged(`${what} does not match its checksum`);
}
