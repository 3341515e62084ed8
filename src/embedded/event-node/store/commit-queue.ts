// The one writer. What waits while another commit is under way is committed together, one piece of
// work after the other inside that commit: decision and write are atomic. Nothing is answered, and
// no reader is woken, before the commit is on disk. After a failed commit nothing is written any
// more: what the disk holds can be trusted only after a restart.
import { notReady, tooBusy } from '../errors.js';
import { type EventLog, type LogWriter } from './event-log.js';

/** Work that is done inside a commit, synchronously: it decides, and writes what it decided. */
export type Work<T> = (write: LogWriter) => T;

export interface CommitQueue {
  /**
   * What `work` returned, once it is on disk. `bytes` is how much memory it takes while it waits.
   * Rejects with UNAVAILABLE if it cannot be written, and then it is not written.
   */
  submit<T>(bytes: number, work: Work<T>): Promise<T>;
  /** Resolves after the next commit. Ask before reading, so that no commit falls in between. */
  nextCommit(): Promise<void>;
  /** Refuses what comes from now on, and finishes what waits. */
  close(): Promise<void>;
}

interface Waiting {
  bytes: number;
  /** Does the work; the result answers the one who waits. */
  run(write: LogWriter): () => void;
  reject(error: Error): void;
}

const WAITING_BYTES_MAX = 128 * 1024 * 1024;
const GROUP_BYTES_MAX = 8 * 1024 * 1024;

/** `onFailure` is told once, when a commit failed and nothing is accepted any more. */
export function createCommitQueue(log: EventLog, onFailure: (error: unknown) => void): CommitQueue {
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

  const commitGroup = async () => {
    const size = groupSize(waiting);
    const group = waiting.slice(0, size);
    waiting = waiting.slice(size);
    waitingBytes -= group.reduce((sum, entry) => sum + entry.bytes, 0);
    try {
      const answers = await log.commit((write) => group.map((entry) => entry.run(write)));
      for (const answer of answers) answer();
      committed.raise();
    } catch (error) {
      fail(group, error);
    }
  };
  const drain = async () => {
    while (waiting.length > 0) await commitGroup();
    // In this very turn: whoever was answered in it may submit again in the next one.
    draining = undefined;
  };

  return {
    nextCommit: () => committed.next(),
    submit: (bytes, work) => {
      if (state !== 'open') return Promise.reject(notReady());
      if (waitingBytes + bytes > WAITING_BYTES_MAX) return Promise.reject(tooBusy());
      waitingBytes += bytes;
      return new Promise((resolve, reject) => {
        const run = (write: LogWriter) => {
          const result = work(write);
          return () => resolve(result);
        };
        waiting.push({ bytes, run, reject });
        draining ??= drain();
      });
    },
    close: async () => {
      if (state === 'open') state = 'closed';
      await draining;
    },
  };
}

/** How many of those waiting go into the next commit: at least one. */
function groupSize(waiting: Waiting[]): number {
  let bytes = 0;
  const end = waiting.findIndex((entry, i) => (bytes += entry.bytes) > GROUP_BYTES_MAX && i > 0);
  return end === -1 ? waiting.length : end;
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
