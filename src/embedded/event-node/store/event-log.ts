// The log on disk: one LMDB environment with three tables (records by position, positions by stream
// and revision, heads by stream name). A commit returns only when it is flushed to disk and is
// visible only then, so what a reader can see is never lost. Opening does not depend on its size.
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { open, type Database } from 'lmdb';
import {
  decodeHead,
  encodeHead,
  indexKey,
  KEY_NUMBER_MAX,
  positionKey,
  positionOf,
  streamIdOf,
  streamKey,
  type StreamHead,
} from './keys.js';
import { decodeRecord, type StoredEvent } from './record.js';

type Table = Database<Buffer, Buffer>;

/** How much one step of a reader takes: what comes first. */
export interface PageLimit {
  records: number;
}

/** Consecutive records; `next` is where the following page begins (forwards) or ends (backwards). */
export interface LogPage {
  events: StoredEvent[];
  next: number;
}

export interface EventLog {
  /** Position of the next record to be written; greater than that of every record. */
  end(): number;
  hasRecordAt(position: number): boolean;
  /** Position of the record just before `position`, if there is one. */
  positionBefore(position: number): number | undefined;
  eventAt(position: number): StoredEvent | undefined;
  /** Records at and after `from`. Nothing more if `next` equals `from`. */
  pageForwards(from: number, limit: PageLimit): LogPage;
  /** Records before `before`, last first. */
  pageBackwards(before: number, limit: PageLimit): LogPage;
  stream(name: string): StreamHead | undefined;
  positionInStream(streamId: number, revision: number): number | undefined;
  streamPage(from: StreamPlace, direction: 1 | -1, limit: PageLimit): StoredEvent[];
  /**
   * Runs the writes of `work` as one transaction, all or nothing; resolves once it is on disk.
   * One at a time. After it rejected, nothing more may be committed until the log is opened anew.
   */
  commit<T>(work: (write: LogWriter) => T): Promise<T>;
  close(): Promise<void>;
}

export interface StreamPlace {
  streamId: number;
  revision: number;
}

/** Inside a commit. */
export interface LogWriter {
  end(): number;
  append(record: Buffer): void;
  index(streamId: number, revision: number, position: number): void;
  setHead(name: string, head: StreamHead): void;
  newStreamId(): number;
}

/** 0 is the position before everything. */
const FIRST_POSITION = 1;
const FIRST_STREAM_ID = 1;

/** A page ends early when it holds this much, so that large events do not pile up in memory. */
const PAGE_BYTES_MAX = 262_144;

export function openEventLog(dataDir: string): EventLog {
  const path = join(dataDir, 'log');
  mkdirSync(path, { recursive: true });
  const root = open({
    path,
    encoding: 'binary',
    keyEncoding: 'binary',
    // With overlapping syncs a commit would be visible, and answered, before it is flushed.
    overlappingSync: false,
  });
  const table = (name: string): Table =>
    root.openDB<Buffer, Buffer>({ name, encoding: 'binary', keyEncoding: 'binary' });
  const log = table('log');
  const index = table('index');
  const heads = table('heads');
  syncFolder(path);

  let end = endOf(log);
  let writtenEnd = end;
  let lastStreamId = lastStreamIdIn(index);

  const eventAt = (position: number) => {
    const record = log.get(positionKey(position));
    return record && decodeRecord(position, record);
  };
  return {
    end: () => end,
    hasRecordAt: (position) => position < end && log.doesExist(positionKey(position)),
    positionBefore: (position) => {
      const range = { start: positionKey(position), reverse: true, exclusiveStart: true, limit: 1 };
      for (const key of log.getKeys(range)) return positionOf(key);
      return undefined;
    },
    eventAt,
    pageForwards: (from, limit) => {
      if (from >= end) return { events: [], next: from };
      return takePage(log.getRange({ start: positionKey(from), limit: limit.records }), from, +1);
    },
    pageBackwards: (before, limit) => {
      const start = positionKey(Math.min(before, end));
      const range = { start, reverse: true, exclusiveStart: true, limit: limit.records };
      return takePage(log.getRange(range), before, -1);
    },
    stream: (name) => {
      const head = heads.get(streamKey(name));
      return head && decodeHead(head);
    },
    positionInStream: (streamId, revision) => {
      const position = index.get(indexKey(streamId, revision));
      return position && positionOf(position);
    },
    streamPage: (from, direction, limit) => {
      if (from.revision > KEY_NUMBER_MAX) return [];
      const positions = index.getRange({
        start: indexKey(from.streamId, from.revision),
        end: direction > 0 ? indexKey(from.streamId + 1, 0) : indexKey(from.streamId - 1, KEY_NUMBER_MAX),
        reverse: direction < 0,
        limit: limit.records,
      });
      return takeEvents(positions, (position) => eventAt(positionOf(position)));
    },
    commit: async (work) => {
      const writer: LogWriter = {
        end: () => writtenEnd,
        append: (record) => {
          put(log, positionKey(writtenEnd), record);
          writtenEnd += record.length;
        },
        index: (streamId, revision, position) =>
          put(index, indexKey(streamId, revision), positionKey(position)),
        setHead: (name, head) => put(heads, streamKey(name), encodeHead(head)),
        newStreamId: () => ++lastStreamId,
      };
      // A child transaction is rolled back if `work` throws; a plain one would keep its first part.
      const result = await root.childTransaction(() => work(writer)).catch(rethrowCommitError);
      end = writtenEnd;
      return result;
    },
    close: () => root.close(),
  };
}

/** Inside a transaction a put acts at once and says whether it did. */
function put(table: Table, key: Buffer, value: Buffer): void {
  if (!table.putSync(key, value)) throw new Error('the store refused a write');
}

/** The store tells the cause of a failed commit in a promise of its own beside the error. */
async function rethrowCommitError(error: unknown): Promise<never> {
  if (error instanceof Error && 'commitError' in error) await error.commitError;
  throw error;
}

type Entries = Iterable<{ key: Buffer; value: Buffer }>;

function takePage(entries: Entries, from: number, direction: 1 | -1): LogPage {
  const page: LogPage = { events: [], next: from };
  let bytes = 0;
  for (const { key, value } of entries) {
    const position = positionOf(key);
    page.next = direction > 0 ? position + value.length : position;
    const event = decodeRecord(position, value);
    if (event) page.events.push(event);
    bytes += value.length;
    if (bytes >= PAGE_BYTES_MAX) break;
  }
  return page;
}

function takeEvents(
  positions: Entries,
  eventAt: (position: Buffer) => StoredEvent | undefined,
): StoredEvent[] {
  const events: StoredEvent[] = [];
  let bytes = 0;
  for (const { value } of positions) {
    const event = eventAt(value);
    if (!event) throw new Error('the index names a record that is not there');
    events.push(event);
    bytes += event.body.length;
    if (bytes >= PAGE_BYTES_MAX) break;
  }
  return events;
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
