// Ids of recently committed events, so that a retry without an expected revision is recognised.
// Bounded, lost at a restart, and keyed by the id alone: the first stream to use an id keeps it.

const RECENT_IDS_MAX = 65_536;

export interface RecentIds {
  /** Revision at which the stream wrote this id, if it is remembered for that stream. */
  revisionOf(streamId: number, id: string): number | undefined;
  remember(streamId: number, id: string, revision: number): void;
}

export function createRecentIds(): RecentIds {
  // A Map iterates in insertion order: its first key is the oldest.
  const known = new Map<string, { streamId: number; revision: number }>();
  return {
    revisionOf(streamId, id) {
      const entry = known.get(id);
      return entry?.streamId === streamId ? entry.revision : undefined;
    },
    remember(streamId, id, revision) {
      if (known.has(id)) return;
      if (known.size >= RECENT_IDS_MAX) {
        for (const oldest of known.keys()) {
          known.delete(oldest);
          break;
        }
      }
      known.set(id, { streamId, revision });
    },
  };
}
