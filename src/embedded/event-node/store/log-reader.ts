// Reading the log. Every function takes one short look at the store and copies what it returns, and
// throws DATA_LOSS where the log is not what was written.
import { type Database } from 'lmdb';
import { damagedLog } from '../errors.js';
import {
  decodeHead,
  indexKey,
  KEY_NUMBER_MAX,
  positionKey,
  positionOf,
  revisionOf,
  streamKey,
  TOMBSTONE_REVISION,
  type StreamHead,
} from './keys.js';
import { decodeListed, decodeRecord, type LogEvent } from './record.js';

export type Table = Database<Buffer, Buffer>;

/** The tables of the log: records by position, positions by stream and revision, heads by name. */
export interface Tables {
  log: Table;
  index: Table;
  heads: Table;
}

/** How many records one step of a reader takes at most; it takes fewer if they are large. */
export interface PageLimit {
  records: number;
}

/**
 * Events that show in `$all`, from consecutive records; `next` is where the following page begins
 * (forwards) or ends (backwards).
 */
export interface LogPage {
  events: LogEvent[];
  next: number;
}

export interface StreamPlace {
  streamId: number;
  revision: number;
}

export interface LogReader {
  /** Position of the next record to be written; greater than that of every record. */
  end(): number;
  hasRecordAt(position: number): boolean;
  /** Position of the record just before `position`, if there is one. */
  positionBefore(position: number): number | undefined;
  eventAt(position: number): LogEvent | undefined;
  /** Records at and after `from`; at the end of the log `next` equals `from`. */
  pageForwards(from: number, limit: PageLimit): LogPage;
  /** Records before `before`, last first; at the start of the log `next` equals `before`. */
  pageBackwards(before: number, limit: PageLimit): LogPage;
  /** Undefined if the stream has no events. */
  stream(name: string): StreamHead | undefined;
  positionInStream(streamId: number, revision: number): number | undefined;
  /** Events of a stream from a revision on, forwards (1) or backwards (-1). */
  streamPage(from: StreamPlace, direction: 1 | -1, limit: PageLimit): LogEvent[];
}

/** A page ends early when it holds this much, so that large events do not pile up in memory. */
const PAGE_BYTES_MAX = 262_144;

export function createLogReader({ log, index, heads }: Tables, end: () => number): LogReader {
  const eventAt = (position: number) => {
    const record = log.get(positionKey(position));
    return record && decodeRecord(position, record);
  };
  return {
    end,
    hasRecordAt: (position) =>
      position > 0 && position < end() && log.doesExist(positionKey(position)),
    positionBefore: (position) => {
      const range = { start: positionKey(position), reverse: true, exclusiveStart: true, limit: 1 };
      for (const key of log.getKeys(range)) return positionOf(key);
      return undefined;
    },
    eventAt,
    pageForwards: (from, limit) => {
      if (from >= end()) return { events: [], next: from };
      return takePage(log.getRange({ start: positionKey(from), limit: limit.records }), from, 1);
    },
    pageBackwards: (before, limit) => {
      const start = positionKey(Math.min(before, end()));
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
        end:
          direction > 0
            ? indexKey(from.streamId + 1, 0)
            : indexKey(from.streamId - 1, KEY_NUMBER_MAX),
        reverse: direction < 0,
        limit: limit.records,
      });
      const checked = withoutGaps(positions, from.revision, direction);
      return takeEvents(checked, (position) => eventAt(positionOf(position)));
    },
  };
}

type Entries = Iterable<{ key: Buffer; value: Buffer }>;

function takePage(entries: Entries, from: number, direction: 1 | -1): LogPage {
  const page: LogPage = { events: [], next: from };
  let bytes = 0;
  let isFirst = true;
  for (const { key, value } of entries) {
    const position = positionOf(key);
    const meets = direction > 0 ? position : position + value.length;
    if (!isFirst && meets !== page.next) throw damagedLog(`there is a gap at position ${meets}`);
    isFirst = false;
    page.next = direction > 0 ? position + value.length : position;
    const event = decodeListed(position, value);
    if (event) page.events.push(event);
    bytes += value.length;
    if (bytes >= PAGE_BYTES_MAX) break;
  }
  return page;
}

/** The entries of consecutive revisions of a stream, of which only a tombstone stands apart. */
function* withoutGaps(entries: Entries, from: number, direction: 1 | -1): Entries {
  let expected = from;
  for (const entry of entries) {
    const revision = revisionOf(entry.key);
    const isApart = revision === TOMBSTONE_REVISION || expected === TOMBSTONE_REVISION - 1;
    if (revision !== expected && !isApart) {
      throw damagedLog(`event ${expected} of a stream is missing from its index`);
    }
    expected = revision + direction;
    yield entry;
  }
}

function takeEvents(
  positions: Entries,
  eventAt: (position: Buffer) => LogEvent | undefined,
): LogEvent[] {
  const events: LogEvent[] = [];
  let bytes = 0;
  for (const { value } of positions) {
    const event = eventAt(value);
    if (!event) throw damagedLog(`there is no event at position ${positionOf(value)}`);
    events.push(event);
    bytes += event.body.length;
    if (bytes >= PAGE_BYTES_MAX) break;
  }
  return events;
}
