// The tamper-evident chain of a ledger's stream. Each event's metadata holds a SHA-256 over the hash of
// the event before it, its place, its type, its data and the rest of its metadata: whoever changes,
// drops, adds or moves an event, or who caused it, breaks every hash that follows.
import { hash as digest } from 'node:crypto';
import { type JsonObject, type NewEvent } from './event-store.js';

/** What the first event of a stream is chained to. */
export const GENESIS_HASH = '0'.repeat(64);

interface Place {
  readonly previousHash: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
}

export interface ChainLink extends Place {
  readonly data: JsonObject;
  /** Without the two hashes themselves. */
  readonly metadata: JsonObject;
}

/** 64 hexadecimal digits. */
export function hashOf({ data, metadata, ...place }: ChainLink): string {
  return hashOfJson(place, { data: JSON.stringify(data), metadata: JSON.stringify(metadata) });
}

/** The same, of data and metadata that are JSON already: over a list of all six. */
export function hashOfJson(
  { previousHash, stream, revision, type }: Place,
  { data, metadata }: { readonly data: string; readonly metadata: string },
): string {
  const place = JSON.stringify([previousHash, stream, revision, type]);
  return digest('sha256', `${place.slice(0, -1)},${data},${metadata}]`);
}

/**
 * A UUID (version 8, RFC 9562) made of the hash. The store recognises a repeated append by its ids alone;
 * with ids that follow from the content, the same id can only mean the same event.
 */
export function eventIdOf(hash: string): string {
  const variant = ((parseInt(hash.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `${variant}${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}

/** An event at its place in a stream, whether or not it is stored yet. */
export type ChainedEvent = NewEvent & Pick<ChainLink, 'stream' | 'revision'>;

/** Why an event cannot follow the one with `previousHash`; undefined when it does. */
export function brokenLink(previousHash: string, event: ChainedEvent): string | undefined {
  const { previousHash: claimedPrevious, hash: claimed, ...metadata } = event.metadata;
  const place = `${event.stream}@${event.revision}`;
  if (claimedPrevious !== previousHash) {
    return `${place} follows an event with hash ${String(claimedPrevious)}, not ${previousHash}`;
  }
  const { stream, revision, type, data } = event;
  const hash = hashOf({ previousHash, stream, revision, type, data, metadata });
  return hash === claimed ? undefined : `${place} does not match its hash ${String(claimed)}`;
}
