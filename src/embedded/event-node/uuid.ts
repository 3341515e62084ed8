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

/** Lower case, with dashes. */
export function formatUuid(id: Buffer): string {
  const hex = id.toString('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return `${parts.join('-')}-${hex.slice(20)}`;
}

/** A random one. */
export const newUuid = () => Buffer.from(randomUUID().replaceAll('-', ''), 'hex');

export const isNilUuid = (id: Buffer) => NIL.equals(id);

/** The UUID in an `event_store.client.UUID` message, or why there is none. */
export function decodeUuid(message: Buffer): Buffer | 'unset' | 'malformed' {
  let id: Buffer | 'unset' | 'malformed' = 'unset';
  for (const { number, bytes } of fieldsOf(message)) {
    if (number === STRING) id = parseUuid(bytes.toString()) ?? 'malformed';
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
