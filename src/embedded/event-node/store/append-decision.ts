// What becomes of an append, given the state of its stream: the rules of optimistic concurrency and
// of idempotent retries. Pure: what it must know of stored events it asks through `StreamState`.

/** The revision a writer expects the stream to be at; a number is that of the last event. */
export type ExpectedRevision = 'any' | 'no_stream' | 'stream_exists' | bigint;

/** Last revision of a stream that was never written. */
export const NEVER_WRITTEN = -1;

export interface StreamState {
  /** Revision of the last event, or NEVER_WRITTEN. */
  lastRevision: number;
  /** Id of the event at a revision up to the last one. */
  idAt(revision: number): string | undefined;
  /** Revision of an event of this stream, if its id is among those recently committed. */
  recentRevisionOf(id: string): number | undefined;
}

export type AppendDecision =
  | { kind: 'write' }
  | { kind: 'already_written'; lastRevision: number }
  | { kind: 'wrong_expected_version'; lastRevision: number };

/** Decides on events with these ids; ids need not be unique. */
export function decideAppend(
  expected: ExpectedRevision,
  ids: string[],
  stream: StreamState,
): AppendDecision {
  if (stream.lastRevision === NEVER_WRITTEN) {
    return expected === 'any' || expected === 'no_stream' ? { kind: 'write' } : conflict(stream);
  }
  if (expected === 'any' || expected === 'stream_exists') return decideByRecentIds(ids, stream);
  const revision = expected === 'no_stream' ? BigInt(NEVER_WRITTEN) : expected;
  if (revision > stream.lastRevision) return conflict(stream);
  if (revision === BigInt(stream.lastRevision)) return { kind: 'write' };
  return decideByStoredIds(Number(revision) + 1, ids, stream);
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
  if (ids.length === 0) return conflict(stream);
  const same = ids.every(
    (id, i) => from + i <= stream.lastRevision && stream.idAt(from + i) === id,
  );
  if (!same) return conflict(stream);
  return { kind: 'already_written', lastRevision: from + ids.length - 1 };
}

const conflict = (stream: StreamState): AppendDecision => ({
  kind: 'wrong_expected_version',
  lastRevision: stream.lastRevision,
});
