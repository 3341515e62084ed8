// A subscription to one stream. What is hidden when it begins is skipped; what is written from then
// on always comes, and a tombstone ends it.
import { streamDeleted } from './errors.js';
import { type Follower } from './follower.js';
import { type eventMessages } from './links.js';
import { PAGE_RECORDS } from './log-pages.js';
import { type ReadSource } from './read-request.js';
import { TOMBSTONE_REVISION } from './store/keys.js';
import { type NodeStore } from './store/node-store.js';
import { type LogEvent } from './store/record.js';
import { firstVisible, isYoungEnough } from './store/streams.js';
import { STREAM_DELETED_TYPE } from './store/system-streams.js';

type StreamSource = ReadSource & { kind: 'stream' };

/** A stream in memory has one event, which never changes. */
export function memoryFollower(
  { memoryEvent }: NodeStore,
  { name, from }: StreamSource,
  messageOf: ReturnType<typeof eventMessages>,
): Follower {
  const waiting =
    from === 'start' ? [memoryEvent(name)].filter((event) => event !== undefined) : [];
  return {
    next: () => waiting.splice(0),
    messagesFor: (event, when) => [messageOf(event, when)],
    afterHistory: () => [],
  };
}

export function streamFollower(
  { log, streams }: NodeStore,
  { name, from }: StreamSource,
  messageOf: ReturnType<typeof eventMessages>,
): Follower {
  let revision = 0;
  let ended = false;
  let isVisible: (event: LogEvent) => boolean = () => true;
  if (from === 'end') revision = (log.stream(name)?.lastRevision ?? -1) + 1;
  if (typeof from === 'number') revision = Math.min(from + 1, TOMBSTONE_REVISION);

  const nextPage = () => {
    const head = log.stream(name);
    const place = head && { streamId: head.streamId, revision };
    const page = place ? log.streamPage(place, 1, { records: PAGE_RECORDS }) : [];
    revision += page.length;
    return page;
  };
  const skipHidden = () => {
    const stream = streams.stream(name);
    const end = (stream.head?.lastRevision ?? -1) + 1;
    revision = Math.max(revision, Math.min(firstVisible(stream), end));
    isVisible = isYoungEnough(stream.metadata);
  };
  return {
    next: (when) => {
      if (ended) throw streamDeleted(name);
      if (when === 'history') skipHidden();
      const page = nextPage();
      const last = page.findIndex((event) => event.type === STREAM_DELETED_TYPE);
      if (last === -1) return page;
      ended = true;
      return page.slice(0, last + 1);
    },
    messagesFor: (event, when) =>
      when === 'live' || isVisible(event) ? [messageOf(event, when)] : [],
    afterHistory: () => [],
  };
}
