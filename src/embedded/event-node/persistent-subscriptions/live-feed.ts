// Tells of each committed event that shows in $all, in the order of the log, and of each commit: one
// reader for all groups.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type NodeStore } from '../store/node-store.js';
import { type LogEvent } from '../store/record.js';

export interface LiveFeed {
  stop(): void;
}

const PAGE_RECORDS = 128;

export interface Listener {
  /** While nobody listens, what is committed is not even read. */
  isListening(): boolean;
  event(event: LogEvent): void;
  /** Something was committed, perhaps nothing that shows in $all. */
  commit(): void;
}

export function startLiveFeed(store: NodeStore, listener: Listener): LiveFeed {
  let isStopped = false;
  let wake = () => {};
  const until = (commit: Promise<void>) =>
    new Promise<void>((resolve) => {
      wake = resolve;
      void commit.then(resolve);
    });
  const run = async () => {
    let position = store.log.end();
    while (!isStopped) {
      const commit = store.nextCommit();
      if (!listener.isListening()) position = store.log.end();
      const page = store.log.pageForwards(position, { records: PAGE_RECORDS });
      for (const event of page.events) listener.event(event);
      listener.commit();
      if (page.next === position) await until(commit);
      else await nextTurn();
      position = page.next;
    }
  };
  void run();
  return {
    stop: () => {
      isStopped = true;
      wake();
    },
  };
}
