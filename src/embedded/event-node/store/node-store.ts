// The store as the calls see it: what is stored, and the writes that can be asked for.
import { createCommitQueue } from './commit-queue.js';
import { openEventLog } from './event-log.js';
import { type LogReader } from './log-reader.js';
import { createRecentIds } from './recent-ids.js';
import {
  append,
  deleteStream,
  type Append,
  type AppendOutcome,
  type Deletion,
  type DeletionOutcome,
} from './stream-writer.js';
import { createStreams, type Streams } from './streams.js';

export interface NodeStore {
  log: LogReader;
  streams: Streams;
  /** Rejects with UNAVAILABLE if it cannot be written, and then it is not written. */
  append(append: Append): Promise<AppendOutcome>;
  /** Rejects like `append`. */
  delete(deletion: Deletion): Promise<DeletionOutcome>;
  /** Resolves after the next commit. Ask before reading, so that no commit falls in between. */
  nextCommit(): Promise<void>;
  close(): Promise<void>;
}

/** What a write costs in memory beside its payload, roughly. */
const OVERHEAD_BYTES = 256;

/**
 * Rejects with an Error whose message can be shown as it is, if it was written by a later version.
 * `onFailure` is told once, when a commit failed and the store stops accepting writes.
 */
export async function openNodeStore(
  dataDir: string,
  onFailure: (error: unknown) => void,
): Promise<NodeStore> {
  const log = await openEventLog(dataDir);
  const queue = createCommitQueue(log, onFailure);
  const store = { log, streams: createStreams(log), recent: createRecentIds() };
  return {
    log,
    streams: store.streams,
    append: (request) =>
      queue.submit(sizeInMemory(request), (write) => append(store, write, request)),
    delete: (request) =>
      queue.submit(OVERHEAD_BYTES, (write) => deleteStream(store, write, request)),
    nextCommit: () => queue.nextCommit(),
    close: async () => {
      await queue.close();
      await log.close();
    },
  };
}

function sizeInMemory({ events }: Append): number {
  return events.reduce(
    (sum, event) => sum + OVERHEAD_BYTES + event.data.length + event.metadata.length,
    OVERHEAD_BYTES,
  );
}
