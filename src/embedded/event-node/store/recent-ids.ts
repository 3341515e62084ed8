// Ids of recently committed events, so that a retry without an expected revision is recognised.
// Bounded, lost at a restart, and keyed by the id alone: the first stream to use an id keeps it.

const RECENT_IDS_MAX = 65_536;

export interface RecentIds {
  /** Revision at which the stream wrote this id, if it is remembered for that stream. */
  revisionOf(streamId: number, id: string): number | undefined;
  remember(streamId: number, id: string, revision: number): void;
}

export function createRecentIds(): RecentIds {
  const known = new Map<string, { streamId: number; revision: number }>();
  // In the order they came, round and round. The first key of a Map is the oldest too, but to find
  // it takes ever longer the more keys before it were deleted.
  const inOrder: string[] = [];
  let next = 0;
  return {
    revisionOf(streamId, id) {
      const entry = known.get(id);
      return entry?.streamId === streamId ? entry.revision : undefined;
    },
    remember(streamId, id, revision) {
      if (known.has(id)) return;
      const oldest = inOrder[next];
      if (oldest !== undefined) known.delete(oldest);
      inOrder[next] = id;
      next = (next + 1) % RECENT_IDS_MAX;
      known.set(id, { streamId, revision });
    },
  };
}
