// Catch-up subscriptions: a cursor per subscriber that reads the log at the subscriber's own pace and
// is woken after each commit. Nothing is queued per subscriber, and live events are read from the
// log like old ones: every event comes once, in order, and only after it is on disk.
import { randomUUID } from 'node:crypto';
import { createCheckpoints } from './checkpoints.js';
import { handlerError, invalidArgument } from './errors.js';
import { isRecordBoundary, nextTurn, PAGE_RECORDS } from './log-pages.js';
import { type Outlet } from './outlet.js';
import { type ReadRequest, type ReadSource } from './read-request.js';
import {
  caughtUpMessage,
  checkpointMessage,
  confirmationMessage,
  eventMessage,
  type LogPosition,
} from './read-response.js';
import { type NodeStore } from './store/node-store.js';
import { type LogReader } from './store/log-reader.js';
import { type LogEvent } from './store/record.js';
import { type UuidForm } from './uuid.js';

/** A subscriber that had to be waited for and is further behind than this hears when it caught up. */
const LIVE_BUFFER_EVENTS = 32;

/** What one subscriber reads, and what it is sent for it. */
interface Follower {
  /** The next events; none at the end of the log. */
  next(): LogEvent[];
  /** Messages for an event; `live` once the subscriber has caught up for the first time. */
  messagesFor(event: LogEvent, live: boolean): Buffer[];
  /** Messages when the history is at its end, before the subscriber is told so. */
  afterHistory(): Buffer[];
}

export async function subscribe(
  store: NodeStore,
  { source, uuidForm }: ReadRequest,
  outlet: Outlet,
): Promise<void> {
  outlet.send(confirmationMessage(randomUUID()));
  await follow(store, followerOf(store.log, source, uuidForm), outlet);
}

async function follow(store: NodeStore, follower: Follower, outlet: Outlet): Promise<void> {
  let live = false;
  let hadToWait = false;
  let fellBehind = false;
  while (!outlet.closed) {
    const commit = store.nextCommit();
    const events = follower.next();
    if (events.length === 0) {
      const news = live ? [] : follower.afterHistory();
      if (!live || fellBehind) news.push(caughtUpMessage());
      await sendAll(news, outlet);
      live = true;
      hadToWait = false;
      fellBehind = false;
      await outlet.waitFor(commit);
      continue;
    }
    if (live && hadToWait && events.length > LIVE_BUFFER_EVENTS) fellBehind = true;
    for (const event of events) {
      if (await sendAll(follower.messagesFor(event, live), outlet)) hadToWait = true;
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

function followerOf(log: LogReader, source: ReadSource, uuidForm: UuidForm): Follower {
  if (source.kind === 'stream') return streamFollower(log, source, uuidForm);
  if (typeof source.from === 'object' && !isRecordBoundary(log, source.from)) {
    throw invalidArgument('Trying to read from an invalid position.');
  }
  return source.filter
    ? filteredFollower(log, source, source.filter, uuidForm)
    : allFollower(log, source, uuidForm);
}

type StreamSource = ReadSource & { kind: 'stream' };
type AllSource = ReadSource & { kind: 'all' };
type Filter = NonNullable<AllSource['filter']>;

function streamFollower(log: LogReader, { name, from }: StreamSource, form: UuidForm): Follower {
  let revision = 0;
  if (from === 'end') revision = (log.stream(name)?.lastRevision ?? -1) + 1;
  if (typeof from === 'number') revision = from + 1;
  return {
    next: () => {
      const head = log.stream(name);
      if (!head) return [];
      const place = { streamId: head.streamId, revision };
      const page = log.streamPage(place, 1, { records: PAGE_RECORDS });
      revision += page.length;
      return page;
    },
    messagesFor: (event) => [eventMessage(event, form)],
    afterHistory: () => [],
  };
}

function allFollower(log: LogReader, { from }: AllSource, form: UuidForm): Follower {
  const next = forwardsFrom(log, firstPosition(log, from));
  return {
    next,
    messagesFor: (event) => (isAfter(event, from) ? [eventMessage(event, form)] : []),
    afterHistory: () => [],
  };
}

function filteredFollower(
  log: LogReader,
  { from }: AllSource,
  filter: Filter,
  form: UuidForm,
): Follower {
  const hasHistory =
    from === 'start' ? log.end() > 0 : typeof from === 'object' && isHistory(log, from);
  if (hasHistory && filter.window === 0) throw handlerError();
  const start = typeof from === 'object' ? from : undefined;
  const position = hasHistory ? firstPosition(log, from) : Math.max(start?.commit ?? 0, log.end());
  const interval = filter.window * filter.checkpointIntervalMultiplier;
  const checkpoints = createCheckpoints({ window: filter.window, interval, from: start });
  return {
    next: forwardsFrom(log, position),
    messagesFor: (event, live) => {
      const passes = filter.passes(event);
      const isSent = passes && isAfter(event, from);
      const checkpoint = live
        ? checkpoints.afterLive(event)
        : checkpoints.afterHistoric(event, { passes, isSent });
      return [
        ...(isSent ? [eventMessage(event, form)] : []),
        ...(checkpoint ? [checkpointMessage(checkpoint)] : []),
      ];
    },
    afterHistory: () => {
      const checkpoint = hasHistory && checkpoints.afterHistory();
      return checkpoint ? [checkpointMessage(checkpoint)] : [];
    },
  };
}

/** Pages of the log from a position on; what is beyond the end is waited for. */
function forwardsFrom(log: LogReader, start: number): () => LogEvent[] {
  let position = start;
  return () => {
    for (;;) {
      const page = log.pageForwards(position, { records: PAGE_RECORDS });
      const atEnd = page.next === position;
      position = page.next;
      if (atEnd || page.events.length > 0) return page.events;
    }
  };
}

function firstPosition(log: LogReader, from: AllSource['from']): number {
  if (from === 'end') return log.end();
  return typeof from === 'object' ? from.commit : 0;
}

/** A position asked for is exclusive; one with a smaller prepare lies before the event there. */
function isAfter({ position }: LogEvent, from: AllSource['from']): boolean {
  if (typeof from !== 'object') return true;
  return position > from.commit || (position === from.commit && position > from.prepare);
}

/** Whether anything was written after a position. */
function isHistory(log: LogReader, { commit, prepare }: LogPosition): boolean {
  const last = log.positionBefore(log.end());
  return last !== undefined && (last > commit || (last === commit && last > prepare));
}
