// Snapshots in Postgres. A snapshot is its head, one row for each value, and the records appended with
// each increment. An increment is one transaction, which begins by moving the head away from exactly the
// one that it starts from: of several processes one gets that row, and the others find it moved.
import { type ClientBase, type Pool } from 'pg';
import { crc32 } from 'node:zlib';
import {
  type SnapshotIncrement,
  type SnapshotStore,
  type SnapshotValue,
} from '../commands/ledger-writer/snapshot-store.js';
import { onConnection } from './connection.js';
import { headColumns, readSnapshot, storedHead } from './read-snapshot.js';
import {
  ADD_RECORDS,
  BEGIN_WRITING,
  DROP_VALUES,
  FIRST_HEAD,
  NEXT_HEAD,
  PUT_VALUES,
  REMOVE,
} from './statements.js';
import { LINE_END, valueLine } from './value-lines.js';

/** Rows written with one statement: a few milliseconds of this process's time. */
const ROWS_WRITTEN_AT_ONCE = 500;

/** On a pool whose statements have a time limit. */
export function postgresSnapshots(pool: Pool): SnapshotStore {
  return {
    head: async (ledger) => (await storedHead(pool, ledger))?.head,
    read: (ledger, head, take) =>
      onConnection(pool, (database) => readSnapshot(database, ledger, head, take)),
    advance: (ledger, increment) =>
      onConnection(pool, (database) => advance(database, ledger, increment)),
    remove: async (ledger, head) => {
      await pool.query(REMOVE, [ledger, ...headColumns(head)]);
    },
  };
}

async function advance(
  database: ClientBase,
  ledger: string,
  increment: SnapshotIncrement,
): Promise<boolean> {
  await database.query(BEGIN_WRITING);
  const id = await moveHead(database, ledger, increment);
  if (id !== undefined) {
    for (const batch of batches(increment.values)) await writeBatch(database, id, batch);
    for (const { map, bytes } of increment.records) {
      await database.query(ADD_RECORDS, [id, map, bytes, crc32(bytes)]);
    }
  }
  await database.query('COMMIT');
  return id !== undefined;
}

/** The snapshot's id; undefined when somebody else has moved its head. */
async function moveHead(
  database: ClientBase,
  ledger: string,
  { from, to, summary }: SnapshotIncrement,
): Promise<string | undefined> {
  const next = [ledger, ...headColumns(to), summary, crc32(summary)];
  const { rows } = await (from === undefined
    ? database.query<{ id: string }>(FIRST_HEAD, next)
    : database.query<{ id: string }>(NEXT_HEAD, [...next, ...headColumns(from)]));
  return rows[0]?.id;
}

interface Batch {
  readonly map: string;
  /** See value-lines.ts. */
  readonly lines: string[];
  readonly goneKeys: string[];
}

/** Values of one map each, made only when they are asked for. */
function* batches(values: Iterable<SnapshotValue>): Generator<Batch> {
  let batch: Batch | undefined;
  for (const { map, key, text } of values) {
    if (batch?.map !== map || batch.lines.length + batch.goneKeys.length >= ROWS_WRITTEN_AT_ONCE) {
      if (batch) yield batch;
      batch = { map, lines: [], goneKeys: [] };
    }
    if (text === null) batch.goneKeys.push(key);
    else batch.lines.push(valueLine(key, text));
  }
  if (batch) yield batch;
}

async function writeBatch(database: ClientBase, id: string, batch: Batch): Promise<void> {
  const { map, lines, goneKeys } = batch;
  if (lines.length > 0) await database.query(PUT_VALUES, [id, map, lines.join(LINE_END)]);
  if (goneKeys.length > 0) await database.query(DROP_VALUES, [id, map, goneKeys]);
}
