// Appends, deletes and tombstones, decided and written inside one commit. Whatever is written to a
// deleted stream brings it back: its metadata then hide what was before.
import { EMPTY } from '../protobuf.js';
import { newUuid } from '../uuid.js';
import {
  decideAppend,
  decideDeletion,
  NEVER_WRITTEN,
  type ExpectedRevision,
  type Refusal,
  type StreamState,
} from './append-decision.js';
import { bodyOf } from './event-body.js';
import { type LogWriter } from './event-log.js';
import { TOMBSTONE_REVISION } from './keys.js';
import { type LogReader } from './log-reader.js';
import { type RecentIds } from './recent-ids.js';
import { appendContext, encodeEvent, idKey, NOTHING, type ProposedEvent } from './record.js';
import { DELETED_METADATA, withTruncateBefore } from './stream-metadata.js';
import { positionOfLast, type Stream, type Streams } from './streams.js';
import {
  isMetastream,
  METADATA_TYPE,
  metastreamOf,
  originalOf,
  STREAM_DELETED_TYPE,
} from './system-streams.js';

export interface Append {
  stream: string;
  expected: ExpectedRevision;
  events: ProposedEvent[];
}

/** A soft delete leaves the stream to be written again, a tombstone ends it for ever. */
export interface Deletion {
  kind: 'delete' | 'tombstone';
  stream: string;
  expected: ExpectedRevision;
}

/**
 * Last revision of a stream is -1 if it has no events. The position is that of the last event sent,
 * or undefined if that was stored before and readers may not see it any more.
 */
export type AppendOutcome =
  { kind: 'success'; lastRevision: number; position: number | undefined } | Refusal;

/** The position is that of the record written. */
export type DeletionOutcome =
  | { kind: 'success'; position: number }
  | Refusal
  /** The stream can never be deleted again, only tombstoned: its metadata have ended. */
  | { kind: 'metastream_deleted' };

/** What a writer needs to know of the store. */
export interface Store {
  log: LogReader;
  streams: Streams;
  recent: RecentIds;
}

/** The revision that readers are told a tombstone has. */
const TOMBSTONE_REVISION_TOLD = 2n ** 63n - 1n;

export function append(store: Store, write: LogWriter, request: Append): AppendOutcome {
  const stream = store.streams.stream(request.stream);
  const ids = request.events.map((event) => idKey(event.id));
  const decision = decideAppend(request.expected, ids, stateOf(store, stream));
  if (decision.kind === 'already_written') {
    const { lastRevision } = decision;
    const event = store.streams.readableEvent(stream.name, lastRevision);
    return { kind: 'success', lastRevision, position: event?.position };
  }
  if (decision.kind !== 'write') return decision;
  const deletedOriginal = deletedOriginalOf(store, stream);
  const written = writeEvents(store, write, stream, request.events);
  if (stream.metadata.isSoftDeleted) bringBack(store, write, stream);
  if (deletedOriginal) bringBack(store, write, deletedOriginal);
  return { kind: 'success', ...written };
}

export function deleteStream(store: Store, write: LogWriter, request: Deletion): DeletionOutcome {
  const { kind, expected } = request;
  const stream = store.streams.stream(request.stream);
  const decision = decideDeletion(kind, expected, stateOf(store, stream));
  if (decision.kind !== 'write') return decision;
  if (kind === 'tombstone') return { kind: 'success', position: writeTombstone(write, stream) };
  const metastream = store.streams.stream(metastreamOf(stream.name));
  if (metastream.isTombstoned) return { kind: 'metastream_deleted' };
  const { position } = writeMetadata(store, write, metastream, DELETED_METADATA);
  return { kind: 'success', position };
}

function stateOf({ log, recent }: Store, stream: Stream): StreamState {
  const { head, isTombstoned, metadata, hasMetastream } = stream;
  return {
    lastRevision: head?.lastRevision ?? NEVER_WRITTEN,
    isTombstoned,
    isSoftDeleted: metadata.isSoftDeleted ?? false,
    hasMetastream,
    idAt: (revision) => {
      const position = head && log.positionInStream(head.streamId, revision);
      const event = position === undefined ? undefined : log.eventAt(position);
      return event && idKey(event.id);
    },
    recentRevisionOf: (id) => head && recent.revisionOf(head.streamId, id),
  };
}

/** The stream whose metadata are about to be written, if it is deleted. */
function deletedOriginalOf({ streams }: Store, { name }: Stream): Stream | undefined {
  if (!isMetastream(name)) return undefined;
  const original = streams.stream(originalOf(name));
  return original.metadata.isSoftDeleted ? original : undefined;
}

/** Shows what comes after a delete, and hides what was before it. */
function bringBack(store: Store, write: LogWriter, { name, head }: Stream): void {
  const metastream = store.streams.stream(metastreamOf(name));
  const position = metastream.head && positionOfLast(store.log, metastream.head);
  const event = position === undefined ? undefined : store.log.eventAt(position);
  const from = (head?.lastRevision ?? NEVER_WRITTEN) + 1;
  const metadata = event && withTruncateBefore(bodyOf(event).data.toString(), from);
  if (metadata !== undefined) writeMetadata(store, write, metastream, metadata);
}

function writeMetadata(store: Store, write: LogWriter, metastream: Stream, metadata: string) {
  const event: ProposedEvent = {
    id: newUuid(),
    type: METADATA_TYPE,
    isJson: true,
    data: Buffer.from(metadata),
    metadata: EMPTY,
  };
  return writeEvents(store, write, metastream, [event]);
}

function writeEvents(
  { recent }: Store,
  write: LogWriter,
  { name, head }: Stream,
  events: ProposedEvent[],
): { lastRevision: number; position: number } {
  let lastRevision = head?.lastRevision ?? NEVER_WRITTEN;
  let position = write.end();
  if (events.length === 0) {
    write.append(NOTHING);
    return { lastRevision, position };
  }
  const streamId = head?.streamId ?? write.newStreamId();
  const context = appendContext(name, Date.now());
  for (const event of events) {
    position = write.end();
    lastRevision += 1;
    write.append(encodeEvent(context, event, { revision: lastRevision, position }));
    write.index(streamId, lastRevision, position);
    recent.remember(streamId, idKey(event.id), lastRevision);
  }
  write.setHead(name, { streamId, lastRevision });
  return { lastRevision, position };
}

/** The position of the event that ends the stream. */
function writeTombstone(write: LogWriter, { name, head }: Stream): number {
  const event: ProposedEvent = {
    id: newUuid(),
    type: STREAM_DELETED_TYPE,
    isJson: false,
    data: EMPTY,
    metadata: EMPTY,
  };
  const streamId = head?.streamId ?? write.newStreamId();
  const position = write.end();
  const at = { revision: TOMBSTONE_REVISION_TOLD, position };
  write.append(encodeEvent(appendContext(name, Date.now()), event, at));
  write.index(streamId, TOMBSTONE_REVISION, position);
  write.setHead(name, { streamId, lastRevision: TOMBSTONE_REVISION });
  return position;
}
