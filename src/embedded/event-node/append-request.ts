// Requests of Append and BatchAppend, decoded by hand. Decoding takes what is there; what a request
// must contain is checked where it is used, since both calls answer the same fault differently.
import { EMPTY, fieldsOf, scanFields, type Field } from './protobuf.js';
import { decodeUuid } from './uuid.js';
import { type ExpectedRevision } from './store/append-decision.js';
import { type ProposedEvent } from './store/record.js';

/** One message of Append. */
export interface AppendMessage {
  options?: AppendOptions;
  proposed?: ProposedMessage;
}

/** One message of BatchAppend. */
export interface BatchAppendMessage {
  /** `event_store.client.UUID`, to be echoed as received. */
  correlationId?: Buffer;
  options?: BatchAppendOptions;
  /** Up to the first that lacks its id, type or content type. */
  proposed: ProposedMessage[];
  isFinal: boolean;
}

export interface AppendOptions {
  /** Undefined if there was no stream identifier. */
  stream?: string;
  /** Undefined if no expected revision was set. */
  expected?: ExpectedRevision;
}

export interface BatchAppendOptions extends AppendOptions {
  /** Time left when the message was decoded, if it named a deadline in either form. */
  timeLeftMs?: number;
}

export interface ProposedMessage {
  id: Buffer | 'missing' | 'unset' | 'malformed';
  /** Undefined if its metadata have none. */
  type: string | undefined;
  contentType: string | undefined;
  customMetadata: Buffer;
  data: Buffer;
  /** What of the message it came in is kept in memory by it. */
  heldBytes: number;
}

export function decodeAppendMessage(message: Buffer): AppendMessage {
  const decoded: AppendMessage = {};
  scanFields(message, { from: 0, to: message.length }, (number, from, to) => {
    if (number === 1) decoded.options = decodeOptions(message.subarray(from, to));
    if (number === 2) decoded.proposed = decodeProposed(message, from, to);
  });
  if (decoded.proposed) decoded.proposed.heldBytes = message.length;
  return decoded;
}

export function decodeBatchAppendMessage(message: Buffer): BatchAppendMessage {
  const decoded: BatchAppendMessage = { proposed: [], isFinal: false };
  // A message field that comes in several parts is the sum of its parts.
  const optionParts: Buffer[] = [];
  // Of a message full of events that lack everything only the first is kept: it refuses the append.
  let isRefused = false;
  const propose = (proposed: ProposedMessage) => {
    if (!isRefused) decoded.proposed.push(proposed);
    isRefused ||= lacksSomething(proposed);
  };
  scanFields(
    message,
    { from: 0, to: message.length },
    (number, from, to) => {
      if (number === 1) decoded.correlationId = message.subarray(from, to);
      if (number === 2) optionParts.push(message.subarray(from, to));
      if (number === 3) propose(decodeProposed(message, from, to));
    },
    (number, value) => {
      if (number === 4) decoded.isFinal = value !== 0;
    },
  );
  const share = Math.ceil(message.length / decoded.proposed.length);
  for (const proposed of decoded.proposed) proposed.heldBytes = share;
  if (optionParts.length > 0) decoded.options = decodeBatchOptions(Buffer.concat(optionParts));
  return decoded;
}

const lacksSomething = ({ id, type, contentType }: ProposedMessage) =>
  typeof id === 'string' || type === undefined || contentType === undefined;

function decodeOptions(message: Buffer): AppendOptions {
  const options: AppendOptions = {};
  for (const field of fieldsOf(message)) decodeTarget(field, options);
  return options;
}

function decodeBatchOptions(message: Buffer): BatchAppendOptions {
  const options: BatchAppendOptions = {};
  for (const field of fieldsOf(message)) {
    decodeTarget(field, options);
    if (field.number === 6) options.timeLeftMs = milliseconds(field.bytes) - Date.now();
    if (field.number === 7) options.timeLeftMs = milliseconds(field.bytes);
  }
  return options;
}

/** Stream and expected revision have the same field numbers in both calls. */
function decodeTarget({ number, bytes, varint }: Field, options: AppendOptions): void {
  if (number === 1) options.stream = decodeStreamName(bytes);
  if (number === 2) options.expected = varint;
  if (number === 3) options.expected = 'no_stream';
  if (number === 4) options.expected = 'any';
  if (number === 5) options.expected = 'stream_exists';
}

function decodeStreamName(identifier: Buffer): string {
  let name = '';
  for (const { number, bytes } of fieldsOf(identifier)) if (number === 3) name = bytes.toString();
  return name;
}

function decodeProposed(message: Buffer, start: number, end: number): ProposedMessage {
  const proposed: ProposedMessage = {
    id: 'missing',
    type: undefined,
    contentType: undefined,
    customMetadata: EMPTY,
    data: EMPTY,
    heldBytes: end - start,
  };
  scanFields(message, { from: start, to: end }, (number, from, to) => {
    if (number === 1) proposed.id = decodeUuid(message.subarray(from, to));
    if (number === 2) decodeEntry(message, { from, to }, proposed);
    if (number === 3) proposed.customMetadata = message.subarray(from, to);
    if (number === 4) proposed.data = message.subarray(from, to);
  });
  return proposed;
}

/** Of the metadata two are looked at; the others are dropped. */
function decodeEntry(
  message: Buffer,
  entry: { from: number; to: number },
  into: ProposedMessage,
): void {
  let key = '';
  let value = { from: 0, to: 0 };
  scanFields(message, entry, (number, from, to) => {
    if (number === 1) key = message.toString('latin1', from, to);
    if (number === 2) value = { from, to };
  });
  if (key === 'type') into.type = message.toString('utf8', value.from, value.to);
  if (key === 'content-type') into.contentType = message.toString('utf8', value.from, value.to);
}

/** A google.protobuf Timestamp or Duration: seconds and nanoseconds. */
function milliseconds(message: Buffer): number {
  let total = 0;
  for (const { number, varint } of fieldsOf(message)) {
    if (number === 1) total += Number(BigInt.asIntN(64, varint)) * 1000;
    if (number === 2) total += Number(BigInt.asIntN(32, varint)) / 1_000_000;
  }
  return total;
}

const SIGNED_MAX = 2n ** 63n - 1n;
const UNSIGNED_MAX = 2n ** 64n - 1n;

/** What an expected revision on the wire means; undefined if it is out of range. */
export function expectedFromWire(expected: ExpectedRevision): ExpectedRevision | undefined {
  if (typeof expected === 'string') return expected;
  if (expected === UNSIGNED_MAX) return 'no_stream';
  return expected > SIGNED_MAX ? undefined : expected;
}

const JSON_CONTENT_TYPE = 'application/json';

/** The event to be stored. Id, type and content type must have been checked. */
export function toProposedEvent(
  proposed: ProposedMessage,
  id: Buffer,
  type: string,
): ProposedEvent {
  return {
    id,
    type,
    isJson: proposed.contentType === JSON_CONTENT_TYPE,
    data: proposed.data,
    metadata: proposed.customMetadata,
  };
}
