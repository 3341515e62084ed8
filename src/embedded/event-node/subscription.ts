// Catch-up subscriptions: a cursor per subscriber that reads the log at the subscriber's own pace and
// is woken after each commit. Nothing is queued per subscriber, and live events are read from the
// log like old ones: every event comes once, in order, and only after it is on disk.
import { randomUUID } from 'node:crypto';
import { allFollower } from './all-follower.js';
import { streamDeleted } from './errors.js';
import { type Follower } from './follower.js';
import { eventMessages, type When } from './links.js';
import { nextTurn } from './log-pages.js';
import { type Outlet } from './outlet.js';
import { type ReadRequest, type ReadSource } from './read-request.js';
import { caughtUpMessage, confirmationMessage } from './read-response.js';
import { isMemoryStream } from './store/memory-streams.js';
import { type NodeStore } from './store/node-store.js';
import { memoryFollower, streamFollower } from './stream-follower.js';

/** A subscriber that had to be waited for and is further behind than this hears when it caught up. */
const LIVE_BUFFER_EVENTS = 32;

/** `demandAccess` throws once the subscriber may not read any more. */
export async function subscribe(
  store: NodeStore,
  request: ReadRequest,
  outlet: Outlet,
  demandAccess: () => void,
): Promise<void> {
  const { source } = request;
  if (source.kind === 'stream' && store.streams.stream(source.name).isTombstoned) {
    throw streamDeleted(source.name);
  }
  outlet.send(confirmationMessage(randomUUID()));
  const messageOf = eventMessages(store.streams, request);
  const follower = followerOf(store, source, messageOf);
  const next: Follower['next'] = (when) => {
    demandAccess();
    return follower.next(when);
  };
  await follow(store, { ...follower, next }, outlet);
}

function followerOf(
  store: NodeStore,
  source: ReadSource,
  messageOf: ReturnType<typeof eventMessages>,
): Follower {
  if (source.kind === 'all') return allFollower(store.log, source, messageOf);
  if (isMemoryStream(source.name)) return memoryFollower(store, source, messageOf);
  return streamFollower(store, source, messageOf);
}

async function follow(store: NodeStore, follower: Follower, outlet: Outlet): Promise<void> {
  let when: When = 'history';
  let hadToWait = false;
  let fellBehind = false;
  while (!outlet.closed) {
    const commit = store.nextCommit();
    const events = follower.next(when);
    if (events.length === 0) {
      const isNew = when === 'history';
      const news = isNew ? follower.afterHistory() : [];
      if (isNew || fellBehind) news.push(caughtUpMessage());
      await sendAll(news, outlet);
      when = 'live';
      hadToWait = false;
      fellBehind = false;
      await outlet.waitFor(commit);
      continue;
    }
    if (when === 'live' && hadToWait && events.length > LIVE_BUFFER_EVENTS) fellBehind = true;
    for (const event of events) {
      if (await sendAll(follower.messagesFor(event, when), outlet)) hadToWait = true;
    }
    await nextTurn();
  }
}

/** Whether the subscriber had to be waited for. */
async function sendAll(messages: Buffer[], outlet: Outlet): Promise<boolean> {
  let hadToWait = false;
  for (const message of messages) {
    if (outlet.send(message)) continue;
    hadToWait = true;
    await outlet.ready();
  }
  return hadToWait;
}
