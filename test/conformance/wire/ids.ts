// Ids made from labels, and shown as labels: a transcript reads the same on every server.
import { createHash } from 'node:crypto';
import { binaryEvent, jsonEvent, type BinaryEventType, type JSONType } from '@eventstore/db-client';

const labels = new Map<string, string>();

/** The same id for the same label. */
export function id(label: string): string {
  const hex = createHash('sha1').update(`transcript:${label}`).digest('hex');
  const value = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  labels.set(value, label);
  return value;
}

/** The label behind an id; `other` for an id that the server made. */
export const labelOf = (value: string | null): string => labels.get(value ?? '') ?? 'other';

/** An event for the client. */
export function jsonEventOf(
  label: string,
  data: JSONType = { n: label },
  type = 'T',
  metadata?: Record<string, unknown>,
) {
  return jsonEvent({ id: id(label), type, data, ...(metadata && { metadata }) });
}

export function binaryEventOf(
  label: string,
  data: string | number[],
  type = 'B',
  metadata?: number[],
) {
  const event = { id: id(label), type, data: Buffer.from(data as string) };
  return binaryEvent<BinaryEventType>(
    metadata ? { ...event, metadata: Buffer.from(metadata) } : event,
  );
}

/** So many events, labelled by a prefix and a running number. */
export const jsonEventsOf = (prefix: string, count: number, from = 0) =>
  labelsOf(prefix, count, from).map((label) => jsonEventOf(label));

export const labelsOf = (prefix: string, count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, n) => `${prefix}${from + n}`);
