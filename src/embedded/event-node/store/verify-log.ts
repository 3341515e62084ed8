// Whether a log is whole: records follow each other without a gap, each can be decoded and is found
// by its stream and revision, and every head names the last event of its stream. Reads the log from
// end to end, and keeps nothing of it in memory.
import { type GetOptions, type RangeOptions } from 'lmdb';
import { fieldsOf } from '../protobuf.js';
import { FIRST_POSITION } from './event-log.js';
import {
  decodeHead,
  indexKey,
  positionKey,
  positionOf,
  revisionOf,
  streamIdOf,
  streamKey,
  TOMBSTONE_REVISION,
} from './keys.js';
import { type LogSnapshot } from './log-snapshot.js';
import { decodeRecord, RECORDED_FIELD, type LogEvent } from './record.js';

export interface LogReport {
  records: number;
  events: number;
  streams: number;
  /** What is wrong, in words; the first of it, if it is much. */
  findings: string[];
  findingCount: number;
}

export interface VerifyOptions {
  /** Told now and then how many of all records were looked at. */
  onProgress: (done: number, total: number) => void;
}

const FINDINGS_SHOWN_MAX = 100;
const PROGRESS_RECORDS = 10_000;
const TOMBSTONE_REVISION_TOLD = 2n ** 63n - 1n;

export function verifyLog(snapshot: LogSnapshot, { onProgress }: VerifyOptions): LogReport {
  const report: LogReport = { records: 0, events: 0, streams: 0, findings: [], findingCount: 0 };
  const find = (finding: string) => {
    report.findingCount += 1;
    if (report.findings.length < FINDINGS_SHOWN_MAX) report.findings.push(finding);
  };
  const look = createLook(snapshot);
  for (const check of [checkRecords, checkIndex, checkHeads]) {
    try {
      check({ look, report, find, onProgress });
    } catch (error) {
      find(`the file cannot be read any further: ${String(error)}`);
    }
  }
  return report;
}

interface Checking {
  look: Look;
  report: LogReport;
  find: (finding: string) => void;
  onProgress: VerifyOptions['onProgress'];
}

/** Every record: begins where the one before ends, is what its kind says, and can be found. */
function checkRecords({ look, report, find, onProgress }: Checking): void {
  let end = FIRST_POSITION;
  for (const { key, value } of look.records()) {
    const position = positionOf(key);
    if (position !== end) find(`record ${position} does not begin where the last ends, at ${end}`);
    end = position + value.length;
    report.records += 1;
    if (report.records % PROGRESS_RECORDS === 0) onProgress(report.records, look.recordCount);
    const found = decoded(position, value);
    if (found === 'damaged') find(`record ${position} cannot be decoded`);
    else if (found) {
      report.events += 1;
      const problem = problemWith(found, look);
      if (problem) find(`record ${position} ${problem}`);
    }
  }
}

function problemWith({ event, revision, told }: Decoded, look: Look): string | undefined {
  const { streamName, position } = event;
  if (told !== position) return `says that it is at ${told}`;
  const streamId = look.head(streamName)?.streamId;
  if (streamId === undefined) return `is of stream '${streamName}', which has no head`;
  if (look.positionOf(streamId, revision) === position) return undefined;
  return `is not found as event ${revision} of stream '${streamName}'`;
}

/** Every entry: revisions of a stream without a gap, each of a record that is there. */
function checkIndex({ look, report, find }: Checking): void {
  let entries = 0;
  let last = { streamId: -1, revision: -1 };
  for (const { key, value } of look.index()) {
    const [streamId, revision] = [streamIdOf(key), revisionOf(key)];
    const expected = streamId === last.streamId ? last.revision + 1 : 0;
    if (revision !== expected && revision !== TOMBSTONE_REVISION) {
      find(`event ${revision} of stream number ${streamId} comes where ${expected} should`);
    }
    const position = positionOf(value);
    if (!look.hasRecord(position)) {
      find(`event ${revision} of stream number ${streamId} has no record at ${position}`);
    }
    last = { streamId, revision };
    entries += 1;
  }
  if (entries !== report.events) {
    find(`${entries} events are in the index of streams, ${report.events} in the log`);
  }
}

/** Every head: names the last event that its stream has. */
function checkHeads({ look, report, find }: Checking): void {
  for (const { value } of look.heads()) {
    const { streamId, lastRevision } = decodeHead(value);
    report.streams += 1;
    if (look.lastRevision(streamId) !== lastRevision) {
      find(`stream number ${streamId} does not end with event ${lastRevision}, as its head says`);
    }
  }
}

interface Decoded {
  event: LogEvent;
  revision: number;
  /** The position that readers are told. */
  told: number;
}

/** Undefined for a record that only takes up a position. */
function decoded(position: number, record: Buffer): Decoded | 'damaged' | undefined {
  try {
    const event = decodeRecord(position, record);
    if (!event) return undefined;
    let revision = 0n;
    let told = 0n;
    for (const { number, varint } of fieldsOf(event.body)) {
      if (number === RECORDED_FIELD.revision) revision = varint;
      if (number === RECORDED_FIELD.commit) told = varint;
    }
    const isTombstone = revision === TOMBSTONE_REVISION_TOLD;
    return {
      event,
      revision: isTombstone ? TOMBSTONE_REVISION : Number(revision),
      told: Number(told),
    };
  } catch {
    return 'damaged';
  }
}

type Look = ReturnType<typeof createLook>;

/** Reads of the one moment that the snapshot holds. */
function createLook({ tables: { log, index, heads }, transaction }: LogSnapshot) {
  const at: GetOptions = { transaction };
  const range = (more: RangeOptions = {}): RangeOptions => ({ transaction, ...more });
  return {
    recordCount: log.getCount(range()),
    records: () => log.getRange(range()),
    index: () => index.getRange(range()),
    heads: () => heads.getRange(range()),
    hasRecord: (position: number) => log.get(positionKey(position), at) !== undefined,
    head: (name: string) => {
      const head = heads.get(streamKey(name), at);
      return head && decodeHead(head);
    },
    positionOf: (streamId: number, revision: number) => {
      const position = index.get(indexKey(streamId, revision), at);
      return position && positionOf(position);
    },
    lastRevision: (streamId: number) => {
      const start = indexKey(streamId + 1, 0);
      for (const key of index.getKeys(
        range({ start, reverse: true, exclusiveStart: true, limit: 1 }),
      )) {
        return streamIdOf(key) === streamId ? revisionOf(key) : undefined;
      }
      return undefined;
    },
  };
}
