// UUIDs as the protocol carries them: text in the spellings the real server takes, or two signed
// 64-bit halves; 16 bytes inside.
import { randomUUID } from 'node:crypto';
import { fieldsOf } from './protobuf.js';

export type UuidForm = 'string' | 'structured';

const WRAPPED = /^\s*(?:\{(.*)\}|\((.*)\)|(.*?))\s*$/;
const DASHED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const PLAIN = /^[0-9a-f]{32}$/i;
const NIL = Buffer.alloc(16);

const STRUCTURED = 1;
const STRING = 2;

/** The 16 bytes of a UUID given as text, with or without dashes, braces, parentheses or spaces. */
export function parseUuid(text: string): Buffer | undefined {
  if (DASHED.test(text)) return Buffer.from(text.replaceAll('-', ''), 'hex');
  const match = WRAPPED.exec(text);
  const inner = match?.[1] ?? match?.[2] ?? match?.[3] ?? '';
  if (DASHED.test(inner)) return Buffer.from(inner.replaceAll('-', ''), 'hex');
  return PLAIN.test(inner) ? Buffer.from(inner, 'hex') : undefined;
}

/** The same for text as bytes; the usual spelling is read without making text of it. */
export function readUuid(text: Buffer): Buffer | undefined {
  return readDashed(text) ?? parseUuid(text.toString());
}

export const UUID_TEXT_BYTES = 36;

const DASH = 0x2d;
const DASHES_AT = [8, 13, 18, 23];
const HEX_DIGITS = Buffer.from('0123456789abcdef');
const NO_DIGIT = 16;
/** Values of hexadecimal digits by their character codes. */
const HEX_VALUES = new Uint8Array(256).fill(NO_DIGIT);
for (const digits of ['0123456789abcdef', '0123456789ABCDEF']) {
  for (const [value, code] of Buffer.from(digits).entries()) HEX_VALUES[code] = value;
}

function readDashed(text: Buffer): Buffer | undefined {
  if (text.length !== UUID_TEXT_BYTES) return undefined;
  const id = Buffer.allocUnsafe(NIL.length);
  let at = 0;
  for (let i = 0; i < text.length; i += 2) {
    if (text[i] === DASH && DASHES_AT.includes(i)) i += 1;
    const high = HEX_VALUES[text[i] ?? 0] ?? NO_DIGIT;
    const low = HEX_VALUES[text[i + 1] ?? 0] ?? NO_DIGIT;
    if (high === NO_DIGIT || low === NO_DIGIT || at === id.length) return undefined;
    id[at++] = high * 16 + low;
  }
  return at === id.length ? id : undefined;
}

/** Writes it in lower case, with dashes. */
export function writeUuid(id: Buffer, into: Buffer, start: number): void {
  let at = start;
  for (const [n, byte] of id.entries()) {
    if (n === 4 || n === 6 || n === 8 || n === 10) into[at++] = DASH;
    into[at++] = HEX_DIGITS[byte >> 4] ?? 0;
    into[at++] = HEX_DIGITS[byte & 15] ?? 0;
  }
}

/** Lower case, with dashes. */
export function formatUuid(id: Buffer): string {
  const text = Buffer.allocUnsafe(UUID_TEXT_BYTES);
  writeUuid(id, text, 0);
  return text.toString('latin1');
}

/** A random one. */
export const newUuid = () => Buffer.from(randomUUID().replaceAll('-', ''), 'hex');

export const isNilUuid = (id: Buffer) => NIL.equals(id);

/** The UUID in an `event_store.client.UUID` message, or why there is none. */
export function decodeUuid(message: Buffer): Buffer | 'unset' | 'malformed' {
  let id: Buffer | 'unset' | 'malformed' = 'unset';
  for (const { number, bytes } of fieldsOf(message)) {
    if (number === STRING) id = readUuid(bytes) ?? 'malformed';
    if (number === STRUCTURED) id = decodeHalves(bytes);
  }
  return id;
}

function decodeHalves(message: Buffer): Buffer {
  const id = Buffer.alloc(16);
  for (const { number, varint } of fieldsOf(message)) {
    if (number === 1) id.writeBigUInt64BE(varint, 0);
    if (number === 2) id.writeBigUInt64BE(varint, 8);
  }
  return id;
}

/** The two signed halves of a UUID, as the decimal strings that generated messages take. */
export function uuidHalves(id: Buffer): { most: string; least: string } {
  return { most: String(id.readBigInt64BE(0)), least: String(id.readBigInt64BE(8)) };
}
