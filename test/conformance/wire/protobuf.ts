// Protobuf messages, made and read by the names of their fields.
import { type Message } from 'google-protobuf';
import shared, {
  type Empty,
  type StreamIdentifier,
  type UUID,
} from '@eventstore/db-client/generated/shared_pb.js';

/** What the setters of a generated message take, by the names of the fields. */
type Fields<M> = {
  [K in keyof M as K extends `set${infer Name}` ? Uncapitalize<Name> : never]?:
    (M[K] extends (value: infer Value) => unknown ? Value : never) | undefined;
};

const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
const methodOf = (message: object, name: string): unknown => Reflect.get(message, name);

/** Sets the fields that are given and not undefined. */
export function fill<M extends Message>(message: M, fields: Fields<M>): M {
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const set = methodOf(message, `set${capital(name)}`) as (value: unknown) => unknown;
    Reflect.apply(set, message, [value]);
  }
  return message;
}

/** The fields that were set, of those whose presence can be told. */
export function fieldsSet(message: Message): Record<string, unknown> {
  const isSet = (name: string) => {
    const has = methodOf(message, `has${capital(name)}`);
    return typeof has !== 'function' || Reflect.apply(has as () => boolean, message, []);
  };
  const fields: Record<string, unknown> = message.toObject();
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => value !== undefined && isSet(name)),
  );
}

export const empty = (): Empty => new shared.Empty();

/** A name as text, or as the bytes of one that is no text. */
export type Name = string | Buffer;

export const streamIdentifier = (name: Name): StreamIdentifier =>
  fill(new shared.StreamIdentifier(), { streamName: Buffer.from(name) });

export const streamNameIn = (identifier: StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString();

export const uuid = (text: string): UUID => fill(new shared.UUID(), { string: text });

/** An id as two signed halves. */
export function structuredUuid(text: string): UUID {
  const bytes = Buffer.from(text.replace(/-/g, ''), 'hex');
  const structured = fill(new shared.UUID.Structured(), {
    mostSignificantBits: String(bytes.readBigInt64BE(0)),
    leastSignificantBits: String(bytes.readBigInt64BE(8)),
  });
  return fill(new shared.UUID(), { structured });
}

export interface ShownUuid {
  form: 'none' | 'unset' | 'string' | 'structured';
  id: string | null;
}

/** The form in which an id was sent, and the id. */
export function readUuid(message: UUID | undefined): ShownUuid {
  if (!message) return { form: 'none', id: null };
  if (message.hasString()) return { form: 'string', id: message.getString() };
  const structured = message.getStructured();
  if (!structured) return { form: 'unset', id: null };
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64BE(BigInt(structured.getMostSignificantBits()), 0);
  bytes.writeBigInt64BE(BigInt(structured.getLeastSignificantBits()), 8);
  const id = bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  return { form: 'structured', id };
}

/** Text as it is; other bytes in base64. */
export type ShownBytes = string | { base64: string };

export function shownBytes(content: Uint8Array): ShownBytes {
  const bytes = Buffer.from(content);
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? text : { base64: bytes.toString('base64') };
}
