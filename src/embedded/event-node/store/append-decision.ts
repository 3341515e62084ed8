// What becomes of an append, a delete or a tombstone, given the state of its stream: the rules of
// optimistic concurrency and of idempotent retries. Pure: what it must know of stored events it asks
// through `StreamState`.

/** The revision a writer expects the stream to be at; a number is that of the last event. */
export type ExpectedRevision = 'any' | 'no_stream' | 'stream_exists' | bigint;

/** Last revision of a stream that was never written. */
export const NEVER_WRITTEN = -1;

export interface StreamState {
  /** Revision of the last event, or NEVER_WRITTEN. */
  lastRevision: number;
  isTombstoned: boolean;
  isSoftDeleted: boolean;
  /** Somebody wrote metadata for it, even if they say nothing now. */
  hasMetastream: boolean;
  /** Id of the event at a revision up to the last one, whether readers may see it or not. */
  idAt(revision: number): string | undefined;
  /** Revision of an event of this stream, if its id is among those recently committed. */
  recentRevisionOf(id: string): number | undefined;
}

export type AppendDecision =
  { kind: 'write' } | { kind: 'already_written'; lastRevision: number } | Refusal;

export type Refusal =
  | { kind: 'wrong_expected_version'; lastRevision: number }
  /** Tombstoned, or deleted where it was expected to exist. */
  | { kind: 'stream_deleted' };

/** Decides on events with these ids; ids need not be unique. */
export function decideAppend(
  expected: ExpectedRevision,
  ids: string[],
  stream: StreamState,
): AppendDecision {
  if (stream.isTombstoned) return { kind: 'stream_deleted' };
  if (expected === 'stream_exists') {
    if (stream.isSoftDeleted) return { kind: 'stream_deleted' };
    return isKnown(stream) ? decideByRecentIds(ids, stream) : conflict(stream);
  }
  if (expected === 'any') return decideByRecentIds(ids, stream);
  const revision = revisionOf(expected);
  if (revision > stream.lastRevision) return conflict(stream);
  if (revision === BigInt(stream.lastRevision)) return { kind: 'write' };
  return decideByStoredIds(Number(revision) + 1, ids, stream);
}

/**
 * A delete or a tombstone is decided like an append of an event that nobody sent before. A stream for
 * which nothing was ever written can be tombstoned, but not deleted.
 */
export function decideDeletion(
  kind: 'delete' | 'tombstone',
  expected: ExpectedRevision,
  stream: StreamState,
): { kind: 'write' } | Refusal {
  const { lastRevision, isTombstoned, isSoftDeleted } = stream;
  if (isTombstoned || (expected === 'stream_exists' && isSoftDeleted)) {
    return { kind: 'stream_deleted' };
  }
  if (!isKnown(stream) && (kind === 'delete' || expected === 'stream_exists')) {
    return conflict(stream);
  }
  const isAsExpected =
    expected === 'any' ||
    expected === 'stream_exists' ||
    revisionOf(expected) === BigInt(lastRevision) ||
    (expected === 'no_stream' && isSoftDeleted);
  return isAsExpected ? { kind: 'write' } : conflict(stream);
}

/** Without a revision to go by, an append is a retry if all its ids were committed recently. */
function decideByRecentIds(ids: string[], stream: StreamState): AppendDecision {
  const [first] = ids;
  if (first === undefined || stream.recentRevisionOf(first) === undefined) return { kind: 'write' };
  let last = NEVER_WRITTEN;
  for (const id of ids) {
    const revision = stream.recentRevisionOf(id);
    if (revision === undefined) return conflict(stream);
    last = revision;
  }
  return { kind: 'already_written', lastRevision: last };
}

/** At a revision that has passed, an append is a retry if exactly its events follow there. */
function decideByStoredIds(from: number, ids: string[], stream: StreamState): AppendDecision {
  const [first] = ids;
  if (first === undefined) return conflict(stream);
  // Nothing of a deleted stream can be read: who expects no stream begins it anew.
  if (from === 0 && stream.isSoftDeleted && stream.idAt(0) !== first) return { kind: 'write' };
  const same = ids.every(
    (id, i) => from + i <= stream.lastRevision && stream.idAt(from + i) === id,
  );
  if (!same) return conflict(stream);
  return { kind: 'already_written', lastRevision: from + ids.length - 1 };
}

const isKnown = ({ lastRevision, hasMetastream }: StreamState) =>
  lastRevision !== NEVER_WRITTEN || hasMetastream;

const revisionOf = (expected: 'no_stream' | bigint) =>
  expected === 'no_stream' ? BigInt(NEVER_WRITTEN) : expected;

const conflict = (stream: StreamState): Refusal => ({
  kind: 'wrong_expected_version',
  lastRevision: stream.lastRevision,
});
