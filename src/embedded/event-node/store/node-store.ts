// The one writer. Appends that wait while another commit is under way are committed together, and
// decided one after the other inside that commit: decision and write are atomic. Nothing is
// answered, and no reader is woken, before the commit is on disk. After a failed commit nothing is
// written any more: what the disk holds can be trusted only after a restart.
import { notReady, tooBusy } from '../errors.js';
import { decideAppend, NEVER_WRITTEN, type ExpectedRevision } from './append-decision.js';
import { openEventLog, type EventLog, type LogWriter } from './event-log.js';
import { type LogReader } from './log-reader.js';
import { createRecentIds, type RecentIds } from './recent-ids.js';
import { appendContext, encodeEvent, idKey, NOTHING, type ProposedEvent } from './record.js';

export interface Append {
  stream: string;
  expected: ExpectedRevision;
  events: ProposedEvent[];
}

/** Last revision of a stream is -1 if it has no events; the position is that of the last event. */
export type AppendOutcome =
  | { kind: 'success'; lastRevision: number; position: number }
  | { kind: 'wrong_expected_version'; lastRevision: number };

export interface NodeStore {
  log: LogReader;
  /** Rejects with UNAVAILABLE if it cannot be written, and then it is not written. */
  append(append: Append): Promise<AppendOutcome>;
  /** Resolves after the next commit. Ask before reading, so that no commit falls in between. */
  nextCommit(): Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  append: Append;
  bytes: number;
  resolve(outcome: AppendOutcome): void;
  reject(error: Error): void;
}

const WAITING_BYTES_MAX = 128 * 1024 * 1024;
const GROUP_BYTES_MAX = 8 * 1024 * 1024;
/** What an event costs in memory beside its payload, roughly. */
const EVENT_OVERHEAD_BYTES = 256;

/** `onFailure` is told once, when a commit failed and the store stops accepting writes. */
export function openNodeStore(dataDir: string, onFailure: (error: unknown) => void): NodeStore {
  const log = openEventLog(dataDir);
  const recent = createRecentIds();
  const committed = createSignal();
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let state: 'open' | 'closed' | 'failed' = 'open';
  let draining: Promise<void> | undefined;

  const fail = (group: Waiting[], error: unknown) => {
    state = 'failed';
    for (const entry of [...group, ...waiting.splice(0)]) entry.reject(notReady());
    onFailure(error);
  };

  const drain = async () => {
    while (waiting.length > 0) {
      const size = groupSize(waiting);
      const group = waiting.slice(0, size);
      waiting = waiting.slice(size);
      waitingBytes -= group.reduce((sum, entry) => sum + entry.bytes, 0);
      try {
        const outcomes = await log.commit((write) =>
          group.map(({ append }) => decideAndWrite(append, log, write, recent)),
        );
        group.forEach((entry, i) => entry.resolve(outcomes[i] ?? missingOutcome()));
      } catch (error) {
        return fail(group, error);
      }
      committed.raise();
    }
  };

  return {
    log,
    nextCommit: () => committed.next(),
    append: (append) => {
      if (state !== 'open') return Promise.reject(notReady());
      const bytes = sizeInMemory(append);
      if (waitingBytes + bytes > WAITING_BYTES_MAX) return Promise.reject(tooBusy());
      waitingBytes += bytes;
      return new Promise((resolve, reject) => {
        waiting.push({ append, bytes, resolve, reject });
        draining ??= drain().finally(() => (draining = undefined));
      });
    },
    close: async () => {
      if (state === 'open') state = 'closed';
      await draining;
      await log.close();
    },
  };
}

function decideAndWrite(
  { stream, expected, events }: Append,
  log: EventLog,
  write: LogWriter,
  recent: RecentIds,
): AppendOutcome {
  const head = log.stream(stream);
  const lastRevision = head?.lastRevision ?? NEVER_WRITTEN;
  const ids = events.map((event) => idKey(event.id));
  const positionAt = (revision: number) => head && log.positionInStream(head.streamId, revision);
  const decision = decideAppend(expected, ids, {
    lastRevision,
    idAt: (revision) => {
      const event = log.eventAt(positionAt(revision) ?? 0);
      return event && idKey(event.id);
    },
    recentRevisionOf: (id) => head && recent.revisionOf(head.streamId, id),
  });
  switch (decision.kind) {
    case 'wrong_expected_version':
      return decision;
    case 'already_written':
      return {
        kind: 'success',
        lastRevision: decision.lastRevision,
        position: positionAt(decision.lastRevision) ?? missingOutcome(),
      };
    case 'write':
      return writeEvents({ stream, events, lastRevision, streamId: head?.streamId }, write, recent);
  }
}

interface Writing {
  stream: string;
  events: ProposedEvent[];
  lastRevision: number;
  streamId: number | undefined;
}

function writeEvents(writing: Writing, write: LogWriter, recent: RecentIds): AppendOutcome {
  const { stream, events } = writing;
  let { lastRevision } = writing;
  let position = write.end();
  if (events.length === 0) {
    write.append(NOTHING);
    return { kind: 'success', lastRevision, position };
  }
  const streamId = writing.streamId ?? write.newStreamId();
  const context = appendContext(stream, Date.now());
  for (const event of events) {
    position = write.end();
    lastRevision += 1;
    write.append(encodeEvent(context, event, { revision: lastRevision, position }));
    write.index(streamId, lastRevision, position);
    recent.remember(streamId, idKey(event.id), lastRevision);
  }
  write.setHead(stream, { streamId, lastRevision });
  return { kind: 'success', lastRevision, position };
}

/** How many of the waiting appends go into the next commit: at least one. */
function groupSize(waiting: Waiting[]): number {
  let bytes = 0;
  const end = waiting.findIndex((entry, i) => (bytes += entry.bytes) > GROUP_BYTES_MAX && i > 0);
  return end === -1 ? waiting.length : end;
}

function sizeInMemory({ events }: Append): number {
  return events.reduce(
    (sum, event) => sum + EVENT_OVERHEAD_BYTES + event.data.length + event.metadata.length,
    EVENT_OVERHEAD_BYTES,
  );
}

function missingOutcome(): never {
  throw new Error('a committed append has no outcome');
}

/** Something many can wait for, any number of times. */
function createSignal(): { next(): Promise<void>; raise(): void } {
  let raise = () => {};
  let next = new Promise<void>((resolve) => (raise = resolve));
  return {
    next: () => next,
    raise: () => {
      raise();
      next = new Promise((resolve) => (raise = resolve));
    },
  };
}
