// What a stream is, as its metadata and its tombstone make it: which of its events readers may see.
// Looked up anew each time, inside a commit with what was written before in it; only metadata once
// read are kept, by the position of their event, which never changes.
import { bodyOf } from './event-body.js';
import { TOMBSTONE_REVISION, type StreamHead } from './keys.js';
import { type LogReader } from './log-reader.js';
import { type LogEvent } from './record.js';
import { NO_METADATA, parseMetadata, type StreamMetadata } from './stream-metadata.js';
import { isMetastream, metastreamOf, originalOf } from './system-streams.js';

export interface Stream {
  name: string;
  /** Undefined if it has no events. */
  head: StreamHead | undefined;
  /** Nothing can be read or written any more. */
  isTombstoned: boolean;
  metadata: StreamMetadata;
  /** Somebody wrote metadata for it, even if they say nothing now. */
  hasMetastream: boolean;
}

export interface Streams {
  stream(name: string): Stream;
  /** The event at a revision, -1 for the last, if readers may see it. */
  readableEvent(name: string, revision: number): LogEvent | undefined;
}

const METADATA_KEPT_BYTES_MAX = 16 * 1024 * 1024;
/** What metadata take in memory, roughly, beside the names in their access list. */
const METADATA_BYTES = 256;
/** Of a metastream only the last event can be read. */
const METADATA_OF_METASTREAMS: StreamMetadata = { maxCount: 1 };

export function createStreams(log: LogReader): Streams {
  const metadataAt = createMetadataCache(log);
  const isTombstoned = (head: StreamHead | undefined) => head?.lastRevision === TOMBSTONE_REVISION;

  const stream = (name: string): Stream => {
    const head = log.stream(name);
    const metadataHead = log.stream(metastreamOf(name));
    const hasMetastream = metadataHead !== undefined;
    if (isMetastream(name)) {
      const isGone = isTombstoned(head) || isTombstoned(log.stream(originalOf(name)));
      return {
        name,
        head,
        isTombstoned: isGone,
        metadata: METADATA_OF_METASTREAMS,
        hasMetastream,
      };
    }
    const position = metadataHead && positionOfLast(log, metadataHead);
    const metadata = position === undefined ? NO_METADATA : metadataAt(position);
    return { name, head, isTombstoned: isTombstoned(head), metadata, hasMetastream };
  };
  return {
    stream,
    readableEvent: (name, asked) => {
      const found = stream(name);
      if (!found.head || found.isTombstoned) return undefined;
      const revision = asked === -1 ? found.head.lastRevision : asked;
      if (revision < firstVisible(found) || revision > found.head.lastRevision) return undefined;
      const position = log.positionInStream(found.head.streamId, revision);
      const event = position === undefined ? undefined : log.eventAt(position);
      return event && isYoungEnough(found.metadata)(event) ? event : undefined;
    },
  };
}

/** The last event of a stream that has one and is not tombstoned. */
export function positionOfLast(log: LogReader, head: StreamHead): number | undefined {
  if (head.lastRevision === TOMBSTONE_REVISION) return undefined;
  return log.positionInStream(head.streamId, head.lastRevision);
}

/** Readers are shown events from this revision on. */
export function firstVisible({ head, metadata }: Stream): number {
  const { maxCount, truncateBefore = 0 } = metadata;
  if (maxCount === undefined || !head) return truncateBefore;
  return Math.max(0, head.lastRevision - maxCount + 1, truncateBefore);
}

/** Whether readers are shown an event, as far as its age is concerned. */
export function isYoungEnough({ maxAgeSeconds }: StreamMetadata): (event: LogEvent) => boolean {
  if (maxAgeSeconds === undefined) return () => true;
  const oldestMs = Date.now() - maxAgeSeconds * 1000;
  return (event) => bodyOf(event).createdMs >= oldestMs;
}

function createMetadataCache(log: LogReader): (position: number) => StreamMetadata {
  // A Map iterates in insertion order: its first key is the oldest.
  const known = new Map<number, { metadata: StreamMetadata; bytes: number }>();
  let knownBytes = 0;
  const forgetOldest = () => {
    for (const [position, { bytes }] of known) {
      if (knownBytes <= METADATA_KEPT_BYTES_MAX) return;
      known.delete(position);
      knownBytes -= bytes;
    }
  };
  return (position) => {
    const kept = known.get(position);
    if (kept) return kept.metadata;
    const event = log.eventAt(position);
    const body = event && bodyOf(event);
    const metadata = body?.isJson ? parseMetadata(body.data.toString()) : NO_METADATA;
    const bytes = METADATA_BYTES + (metadata.acl && body ? body.data.length : 0);
    known.set(position, { metadata, bytes });
    knownBytes += bytes;
    forgetOldest();
    return metadata;
  };
}
