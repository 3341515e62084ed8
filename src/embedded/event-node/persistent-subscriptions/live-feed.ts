// Tells everyone of each committed event, in the order of the log: one reader for all groups.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type NodeStore } from '../store/node-store.js';
import { type LogEvent } from '../store/record.js';

export interface LiveFeed {
  stop(): void;
}

const PAGE_RECORDS = 128;

/** While nobody is `wanted` to be told, what is committed is not even read. */
export function startLiveFeed(
  store: NodeStore,
  { isWanted, tell }: { isWanted: () => boolean; tell: (event: LogEvent) => void },
): LiveFeed {
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
      if (!isWanted()) position = store.log.end();
      const page = store.log.pageForwards(position, { records: PAGE_RECORDS });
      page.events.forEach(tell);
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
