// One record of the log. An event is stored as the very bytes of its protobuf `RecordedEvent`, less
// the id, whose form each reader chooses: reads and subscriptions pass them through undecoded. A
// checksum tells a record that is not any more what was written; nobody is sent such a one.
import { crc32 } from 'node:zlib';
import { damagedLog } from '../errors.js';
import {
  bytesField,
  bytesFieldLength,
  varintField,
  varintLength,
  writeBytesField,
  writeVarintField,
} from '../protobuf.js';
import { isHiddenFromAll } from './system-streams.js';

/** An event as a writer proposes it. */
export interface ProposedEvent {
  /** 16 bytes. */
  id: Buffer;
  type: string;
  isJson: boolean;
  data: Buffer;
  metadata: Buffer;
}

/** An event as the log holds it. */
export interface LogEvent {
  readonly position: number;
  /** 16 bytes. */
  readonly id: Buffer;
  readonly streamName: string;
  readonly type: string;
  /** Encoded fields of `RecordedEvent` other than its id. */
  readonly body: Buffer;
}

// Layout: kind (1 byte), id (16), where stream name and event type begin and end in the body
// (4 x 4 bytes), body, checksum of all that (4). A record of kind nothing has one byte: it only takes
// up a position. No kind becomes another one by one wrong bit.
const KIND_NOTHING = 0;
const KIND_EVENT = 0x45;
/** An event that is read in its stream alone. */
const KIND_HIDDEN_EVENT = 0x48;
/** The same without a checksum, as formats 1 and 2 have them. */
const KIND_UNCHECKED_EVENT = 1;
const KIND_UNCHECKED_HIDDEN_EVENT = 2;
const ID_AT = 1;
const BOUNDS_AT = 17;
const BODY_AT = 33;
const CHECKSUM_BYTES = 4;

/** Field numbers of `RecordedEvent`. */
export const RECORDED_FIELD = {
  stream: 2,
  revision: 3,
  prepare: 4,
  commit: 5,
  metadata: 6,
  custom: 7,
  data: 8,
};
const STREAM_NAME_FIELD = 3;
const TICKS_PER_MS_ZEROS = '0000';

/** The record of an append without events, which has a position of its own but shows nowhere. */
export const NOTHING = Buffer.from([KIND_NOTHING]);

/** What is the same for all events of one append. */
export interface AppendContext {
  kind: number;
  streamField: Buffer;
  streamNameLength: number;
  createdField: Buffer;
  /** What comes before the revision, for events like the last one: most are. */
  last: { type: string; isJson: boolean; front: Buffer } | undefined;
}

export function appendContext(streamName: string, nowMs: number): AppendContext {
  const name = Buffer.from(streamName);
  return {
    kind: isHiddenFromAll(streamName) ? KIND_HIDDEN_EVENT : KIND_EVENT,
    streamField: bytesField(RECORDED_FIELD.stream, bytesField(STREAM_NAME_FIELD, name)),
    streamNameLength: name.length,
    // 100 ns ticks since the Unix epoch, as text: they do not fit into a double.
    createdField: metadataEntry('created', Buffer.from(`${nowMs}${TICKS_PER_MS_ZEROS}`)),
    last: undefined,
  };
}

export function encodeEvent(
  context: AppendContext,
  event: ProposedEvent,
  at: { revision: number | bigint; position: number },
): Buffer {
  const { metadata: custom, data } = event;
  const { position } = at;
  const front = frontOf(context, event);
  const revision = varintField(RECORDED_FIELD.revision, at.revision);
  const placeLength = revision.length + 2 * (1 + varintLength(position));
  const contentLength = bytesFieldLength(custom.length) + bytesFieldLength(data.length);
  const end = front.length + placeLength + contentLength;
  const record = Buffer.allocUnsafe(end + CHECKSUM_BYTES);
  record.set(front);
  record.set(event.id, ID_AT);
  record.set(revision, front.length);
  let next = front.length + revision.length;
  next = writeVarintField(record, next, RECORDED_FIELD.prepare, position);
  next = writeVarintField(record, next, RECORDED_FIELD.commit, position);
  next = writeBytesField(record, next, RECORDED_FIELD.custom, custom);
  writeBytesField(record, next, RECORDED_FIELD.data, data);
  record.writeUInt32LE(checksumOf(record), end);
  return record;
}

/** A record up to its revision, without its id. */
function frontOf(context: AppendContext, { type, isJson }: ProposedEvent): Buffer {
  const { last, streamField } = context;
  if (last?.type === type && last.isJson === isJson) return last.front;
  const typeBytes = Buffer.from(type);
  const typeField = metadataEntry('type', typeBytes);
  const header = Buffer.alloc(BODY_AT);
  header[0] = context.kind;
  const nameEnd = streamField.length;
  const typeEnd = nameEnd + typeField.length;
  header.writeUInt32LE(nameEnd - context.streamNameLength, BOUNDS_AT);
  header.writeUInt32LE(nameEnd, BOUNDS_AT + 4);
  header.writeUInt32LE(typeEnd - typeBytes.length, BOUNDS_AT + 8);
  header.writeUInt32LE(typeEnd, BOUNDS_AT + 12);
  const content = isJson ? JSON_CONTENT : BINARY_CONTENT;
  const front = Buffer.concat([header, streamField, typeField, context.createdField, content]);
  context.last = { type, isJson, front };
  return front;
}

/** The event in a record, if it shows in `$all`. Throws DATA_LOSS if the record is damaged. */
export function decodeListed(position: number, record: Buffer): LogEvent | undefined {
  const isHidden = record[0] === KIND_HIDDEN_EVENT || record[0] === KIND_UNCHECKED_HIDDEN_EVENT;
  const event = decodeRecord(position, record);
  return isHidden ? undefined : event;
}

/**
 * The event in a record, or undefined if the record only takes up a position. Throws DATA_LOSS if
 * the record is damaged.
 */
export function decodeRecord(position: number, record: Buffer): LogEvent | undefined {
  switch (record[0]) {
    case KIND_EVENT:
    case KIND_HIDDEN_EVENT: {
      const end = record.length - CHECKSUM_BYTES;
      if (end < BODY_AT || checksumOf(record) !== record.readUInt32LE(end)) break;
      return decodeEvent(position, record, end);
    }
    case KIND_UNCHECKED_EVENT:
    case KIND_UNCHECKED_HIDDEN_EVENT:
      if (record.length < BODY_AT) break;
      return decodeEvent(position, record, record.length);
    case KIND_NOTHING:
      if (record.length === NOTHING.length) return undefined;
      break;
    default:
  }
  throw damagedLog(`the record at position ${position} is not what was written`);
}

const checksumOf = (record: Buffer) => crc32(record.subarray(0, -CHECKSUM_BYTES));

const decodeEvent = (position: number, record: Buffer, end: number): LogEvent =>
  new StoredEvent(position, record, end);

/** Most readers pass an event on without asking what it is: its texts are made when they ask. */
class StoredEvent implements LogEvent {
  readonly id: Buffer;

  readonly body: Buffer;

  constructor(
    readonly position: number,
    private readonly record: Buffer,
    end: number,
  ) {
    this.id = record.subarray(ID_AT, BOUNDS_AT);
    this.body = record.subarray(BODY_AT, end);
  }

  get streamName(): string {
    return this.text(BOUNDS_AT);
  }

  get type(): string {
    return this.text(BOUNDS_AT + 8);
  }

  private text(at: number): string {
    const { record, body } = this;
    return body.toString('utf8', record.readUInt32LE(at), record.readUInt32LE(at + 4));
  }
}

/** An event id as the key of a Map. */
export const idKey = (id: Buffer) => id.toString('latin1');

function metadataEntry(key: string, value: Buffer): Buffer {
  return bytesField(RECORDED_FIELD.metadata, bytesField(1, Buffer.from(key)), bytesField(2, value));
}

const JSON_CONTENT = metadataEntry('content-type', Buffer.from('application/json'));
const BINARY_CONTENT = metadataEntry('content-type', Buffer.from('application/octet-stream'));
