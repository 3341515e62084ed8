// The store as the calls see it: what is stored, and the writes that can be asked for.
import { createCommitQueue } from './commit-queue.js';
import { FIRST_POSITION, openEventLog, type EventLogOptions } from './event-log.js';
import { firstEvents } from './first-events.js';
import { type LogReader } from './log-reader.js';
import { createMemoryStreams, type MemoryStreams } from './memory-streams.js';
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
  memoryEvent: MemoryStreams;
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

export interface NodeStoreOptions extends EventLogOptions {
  /** That of the node, 16 bytes. */
  instanceId: Buffer;
  /** Told once, when a commit failed and the store stops accepting writes. */
  onFailure: (error: unknown) => void;
}

/** Rejects with an Error whose message can be shown as it is, if a later version wrote the store. */
export async function openNodeStore(options: NodeStoreOptions): Promise<NodeStore> {
  const log = await openEventLog(options);
  const queue = createCommitQueue(log, options.onFailure);
  const store = { log, streams: createStreams(log), recent: createRecentIds() };
  const opened: NodeStore = {
    log,
    streams: store.streams,
    memoryEvent: createMemoryStreams(options.instanceId),
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
  if (log.end() === FIRST_POSITION) {
    await Promise.all(firstEvents(options.instanceId).map((event) => opened.append(event)));
  }
  return opened;
}

function sizeInMemory({ events }: Append): number {
  return events.reduce(
    (sum, event) => sum + OVERHEAD_BYTES + event.data.length + event.metadata.length,
    OVERHEAD_BYTES,
  );
}
