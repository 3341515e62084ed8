// Keys of the three tables. Numbers are big-endian, so that byte order is number order; 48 bits are
// enough for 256 TiB of log and keep keys short.
import { hash } from 'node:crypto';

const NUMBER_BYTES = 6;

/** The largest position or revision that can be looked up. */
export const KEY_NUMBER_MAX = 2 ** 48 - 1;

/** In a key this stands for 2^63-1, the revision of the event that ends a tombstoned stream. */
export const TOMBSTONE_REVISION = KEY_NUMBER_MAX;

export function positionKey(position: number): Buffer {
  const key = Buffer.allocUnsafe(NUMBER_BYTES);
  key.writeUIntBE(position, 0, NUMBER_BYTES);
  return key;
}

export const positionOf = (key: Buffer) => key.readUIntBE(0, NUMBER_BYTES);

/** Where the position of an event of a stream is found. */
export function indexKey(streamId: number, revision: number): Buffer {
  const key = Buffer.allocUnsafe(2 * NUMBER_BYTES);
  key.writeUIntBE(streamId, 0, NUMBER_BYTES);
  key.writeUIntBE(revision, NUMBER_BYTES, NUMBER_BYTES);
  return key;
}

export const streamIdOf = (key: Buffer) => key.readUIntBE(0, NUMBER_BYTES);

export const revisionOf = (key: Buffer) => key.readUIntBE(NUMBER_BYTES, NUMBER_BYTES);

/** A hash, because a stream name may be longer than a key may be. */
export const streamKey = (name: string) => hash('sha256', name, 'buffer');

/** What is stored about a stream that has events. */
export interface StreamHead {
  streamId: number;
  /** TOMBSTONE_REVISION if it is tombstoned. */
  lastRevision: number;
}

export function encodeHead(head: StreamHead): Buffer {
  return indexKey(head.streamId, head.lastRevision);
}

export function decodeHead(value: Buffer): StreamHead {
  return {
    streamId: value.readUIntBE(0, NUMBER_BYTES),
    lastRevision: value.readUIntBE(NUMBER_BYTES, NUMBER_BYTES),
  };
}
