// One append as a message of BatchAppend, in protobuf's wire format. Written by hand: the generated
// classes, and what the official client does around them, cost more than deciding the events.
import { type NewEvent, NO_STREAM } from './event-store.js';

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const CONTINUES = 0x80;
const EMPTY = Buffer.alloc(0);

export interface Append {
  /** A UUID, by which the answer is recognised. */
  readonly correlationId: string;
  readonly stream: string;
  /** NO_STREAM for a new one. */
  readonly expectedRevision: number;
  readonly events: readonly NewEvent[];
}

/** `event_store.client.streams.BatchAppendReq`, whole and final. */
export function appendRequest({ correlationId, events, ...target }: Append): Buffer {
  return Buffer.concat([
    field(1, uuid(correlationId)),
    field(2, options(target)),
    ...events.map((event) => field(3, ...proposed(event))),
    varint(4, 1),
  ]);
}

function options({
  stream,
  expectedRevision,
}: Pick<Append, 'stream' | 'expectedRevision'>): Buffer {
  const identifier = field(1, field(3, Buffer.from(stream)));
  const expected = expectedRevision === NO_STREAM ? field(3, EMPTY) : varint(2, expectedRevision);
  return Buffer.concat([identifier, expected]);
}

function proposed({ id, type, data, metadata, json }: NewEvent): Buffer[] {
  return [
    field(1, uuid(id)),
    pair('type', type),
    pair('content-type', 'application/json'),
    field(3, Buffer.from(json?.metadata ?? JSON.stringify(metadata))),
    field(4, Buffer.from(json?.data ?? JSON.stringify(data))),
  ];
}

function uuid(text: string): Buffer {
  return field(2, Buffer.from(text));
}

/** An entry of a map of texts. */
function pair(key: string, value: string): Buffer {
  return field(2, field(1, Buffer.from(key)), field(2, Buffer.from(value)));
}

/** A field of bytes, of text, or of a message with these fields. Numbers are below 16. */
function field(number: number, ...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([tagged(number, LENGTH_DELIMITED, length), ...parts]);
}

function varint(number: number, value: number): Buffer {
  return tagged(number, VARINT, value);
}

function tagged(number: number, wireType: number, value: number): Buffer {
  const bytes = [number * 8 + wireType];
  let rest = value;
  for (; rest >= CONTINUES; rest = Math.floor(rest / CONTINUES)) {
    bytes.push((rest % CONTINUES) | CONTINUES);
  }
  return Buffer.from([...bytes, rest]);
}
