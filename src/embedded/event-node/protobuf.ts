// The few pieces of the protobuf wire format that the hot paths need: appends are decoded and events
// are encoded by hand, because generated message objects cost more than storing the event does.

export const EMPTY = Buffer.alloc(0);

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;
const MAX_VARINT_BYTES = 10;
const TAG_MAX = 2 ** 32 - 1;

/** One field of a message: its number, and its value as a varint or as bytes. */
export interface Field {
  number: number;
  varint: bigint;
  bytes: Buffer;
}

class MalformedMessage extends Error {}

/** The fields of a message in the order received. Bytes are views of the message, not copies. */
export function* fieldsOf(message: Buffer): Generator<Field> {
  let at = 0;
  while (at < message.length) {
    const tag = readVarint(message, at);
    at = tag.next;
    const number = Number(tag.value >> 3n);
    switch (Number(tag.value & 7n)) {
      case VARINT: {
        const { value, next } = readVarint(message, at);
        at = next;
        yield { number, varint: value, bytes: EMPTY };
        break;
      }
      case LENGTH_DELIMITED: {
        const { value, next } = readVarint(message, at);
        const end = next + Number(value);
        if (end > message.length) throw new MalformedMessage('truncated field');
        yield { number, varint: 0n, bytes: message.subarray(next, end) };
        at = end;
        break;
      }
      case FIXED64:
        at += 8;
        break;
      case FIXED32:
        at += 4;
        break;
      default:
        throw new MalformedMessage('unknown wire type');
    }
  }
}

/**
 * The length-delimited fields of the message between two places, by where their contents begin and
 * end; varints by their value, which is exact below 2^53. For hot paths: it makes no objects.
 */
export function scanFields(
  message: Buffer,
  place: { from: number; to: number },
  visit: (number: number, from: number, to: number) => void,
  visitVarint: (number: number, value: number) => void = ignore,
): void {
  const { to } = place;
  const cursor = { at: place.from };
  while (cursor.at < to) {
    const tag = scanVarint(message, cursor, to);
    if (tag > TAG_MAX) throw new MalformedMessage('unknown field');
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case VARINT:
        visitVarint(number, scanVarint(message, cursor, to));
        break;
      case LENGTH_DELIMITED: {
        const length = scanVarint(message, cursor, to);
        const from = cursor.at;
        cursor.at = from + length;
        if (cursor.at > to) throw new MalformedMessage('truncated field');
        visit(number, from, cursor.at);
        break;
      }
      case FIXED64:
        cursor.at += 8;
        break;
      case FIXED32:
        cursor.at += 4;
        break;
      default:
        throw new MalformedMessage('unknown wire type');
    }
  }
}

const ignore = () => {};

function scanVarint(message: Buffer, cursor: { at: number }, to: number): number {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < MAX_VARINT_BYTES && cursor.at < to; i++) {
    const byte = message[cursor.at++] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
    scale *= 0x80;
  }
  throw new MalformedMessage('truncated varint');
}

function readVarint(message: Buffer, start: number): { value: bigint; next: number } {
  const first = message[start];
  if (first !== undefined && first < 0x80) return { value: BigInt(first), next: start + 1 };
  let value = 0n;
  for (let i = 0; i < MAX_VARINT_BYTES; i++) {
    const byte = message[start + i];
    if (byte === undefined) break;
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), next: start + i + 1 };
  }
  throw new MalformedMessage('truncated varint');
}

/** Length in bytes of a whole number below 2^53 as a varint. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++;
  return length;
}

/** Writes a whole number below 2^53 as a varint; the offset after it. */
function writeVarint(into: Buffer, at: number, value: number): number {
  let offset = at;
  let rest = value;
  while (rest >= 0x80) {
    into[offset++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  into[offset++] = rest;
  return offset;
}

const tagOf = (number: number, wireType: number) => number * 8 + wireType;

/** Length of a field of bytes, with its tag, which is one byte: field numbers are below 16. */
export const bytesFieldLength = (length: number) => 1 + varintLength(length) + length;

/** Writes the tag and the length of bytes that follow; the offset after it. */
export function writeFieldHeader(into: Buffer, at: number, number: number, length: number): number {
  into[at] = tagOf(number, LENGTH_DELIMITED);
  return writeVarint(into, at + 1, length);
}

/** Writes a varint field; the offset after it. */
export function writeVarintField(into: Buffer, at: number, number: number, value: number): number {
  into[at] = tagOf(number, VARINT);
  return writeVarint(into, at + 1, value);
}

/** Writes a field of bytes; the offset after it. */
export function writeBytesField(into: Buffer, at: number, number: number, bytes: Buffer): number {
  const start = writeFieldHeader(into, at, number, bytes.length);
  into.set(bytes, start);
  return start + bytes.length;
}

/** A varint field; field numbers here are all below 16, so that a tag is one byte. */
export function varintField(number: number, value: number | bigint): Buffer {
  if (typeof value === 'bigint') return wideVarintField(number, value);
  const field = Buffer.allocUnsafe(1 + varintLength(value));
  field[0] = tagOf(number, VARINT);
  writeVarint(field, 1, value);
  return field;
}

/** Unsigned 64-bit numbers, of which a double holds only those below 2^53. */
function wideVarintField(number: number, value: bigint): Buffer {
  const bytes = [tagOf(number, VARINT)];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

/** Tag and length of a length-delimited field whose content follows. */
function fieldHeader(number: number, length: number): Buffer {
  const header = Buffer.allocUnsafe(1 + varintLength(length));
  header[0] = tagOf(number, LENGTH_DELIMITED);
  writeVarint(header, 1, length);
  return header;
}

/** A length-delimited field: bytes, text or a message in parts. */
export function bytesField(number: number, ...parts: Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([fieldHeader(number, length), ...parts]);
}
