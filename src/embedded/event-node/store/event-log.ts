// The log on disk: one LMDB environment with three tables, and one that tells its form. A commit
// returns only when it is flushed to disk and is visible only then, so what a reader can see is never
// lost. Opening it does not depend on how much it holds.
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { open, type PutOptions, type RootDatabase } from 'lmdb';
import { bringUpToDate } from './format.js';
import {
  encodeHead,
  indexKey,
  positionKey,
  positionOf,
  streamIdOf,
  streamKey,
  type StreamHead,
} from './keys.js';
import { checkLogFile } from './log-file.js';
import { createLogReader, type LogReader, type Table } from './log-reader.js';
import { checkTables, ENCODING, LOG_FOLDER, openTables } from './tables.js';

export interface EventLog extends LogReader {
  /**
   * Runs the writes of `work` as one transaction, all or nothing; resolves once it is on disk.
   * One at a time. After it rejected, nothing more may be committed until the log is opened anew.
   */
  commit<T>(work: (write: LogWriter) => T): Promise<T>;
  close(): Promise<void>;
}

/** Inside a commit; reads there see what was written before. */
export interface LogWriter {
  /** Position the next record will have. */
  end(): number;
  append(record: Buffer): void;
  index(streamId: number, revision: number, position: number): void;
  setHead(name: string, head: StreamHead): void;
  newStreamId(): number;
}

/** 0 is the position before everything. */
export const FIRST_POSITION = 1;
const FIRST_STREAM_ID = 1;
/** The key is greater than all others: it is not searched for, and pages are filled. */
const AT_THE_END: PutOptions = { append: true };

export interface EventLogOptions {
  dataDir: string;
  /** Commits are flushed to disk before they are answered; without it a power cut may take them. */
  isDurable: boolean;
}

/**
 * Rejects with an Error whose message can be shown as it is, if what is there is not whole, is no
 * event log, or was written by a later version.
 */
export async function openEventLog({ dataDir, isDurable }: EventLogOptions): Promise<EventLog> {
  const path = join(dataDir, LOG_FOLDER);
  mkdirSync(path, { recursive: true });
  checkLogFile(path);
  const root = open({
    path,
    ...ENCODING,
    // With overlapping syncs a commit would be visible, and answered, before it is flushed.
    overlappingSync: false,
    // Batching by event turn gains nothing over our groups, and leaves a promise of its own
    // unhandled when a commit fails.
    eventTurnBatching: false,
    noSync: !isDurable,
  });
  const tables = await openedOrClosed(root, path);
  syncFolder(path);

  let end = endOf(tables.log);
  let writtenEnd = end;
  let lastStreamId = lastStreamIdIn(tables.index);
  const writer: LogWriter = {
    end: () => writtenEnd,
    append: (record) => {
      put(tables.log, positionKey(writtenEnd), record, AT_THE_END);
      writtenEnd += record.length;
    },
    index: (streamId, revision, position) =>
      put(tables.index, indexKey(streamId, revision), positionKey(position)),
    setHead: (name, head) => put(tables.heads, streamKey(name), encodeHead(head)),
    newStreamId: () => ++lastStreamId,
  };
  return {
    ...createLogReader(tables, () => end),
    commit: async (work) => {
      // A child transaction is rolled back if `work` throws; a plain one would keep its first part.
      const result = await root.childTransaction(() => work(writer)).catch(rethrowCommitError);
      end = writtenEnd;
      return result;
    },
    close: () => root.close(),
  };
}

async function openedOrClosed(root: RootDatabase, path: string) {
  try {
    checkTables(root, path);
    const tables = openTables(root);
    bringUpToDate(tables.about, path);
    return tables;
  } catch (error) {
    await root.close();
    throw error;
  }
}

/** Inside a transaction a put acts at once, and says whether it did (its declared type omits that). */
function put(table: Table, key: Buffer, value: Buffer, options: PutOptions = {}): void {
  const done: unknown = table.putSync(key, value, options);
  if (done !== true) throw new Error('the store refused a write');
}

/** The store tells the cause of a failed commit in a promise of its own beside the error. */
async function rethrowCommitError(error: unknown): Promise<never> {
  if (error instanceof Error && 'commitError' in error) await error.commitError;
  throw error;
}

function endOf(log: Table): number {
  for (const { key, value } of log.getRange({ reverse: true, limit: 1 })) {
    return positionOf(key) + value.length;
  }
  return FIRST_POSITION;
}

function lastStreamIdIn(index: Table): number {
  for (const key of index.getKeys({ reverse: true, limit: 1 })) return streamIdOf(key);
  return FIRST_STREAM_ID - 1;
}

/** A new file survives a power cut only once its folder is flushed too. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
}
