// Streams.Read: checks the request, then either sends what is there and ends, or subscribes.
import streamMessages from '@eventstore/db-client/generated/streams_pb.js';
import { streamDeleted, unknownError } from './errors.js';
import { oneRequest, type Handler } from './grpc/handler.js';
import { eventMessages } from './links.js';
import { createOutlet, type Outlet } from './outlet.js';
import {
  allBackwards,
  allForwards,
  nextTurn,
  streamPages,
  type RevisionRange,
} from './log-pages.js';
import {
  parseReadRequest,
  streamToRead,
  type ReadMessage,
  type ReadRequest,
  type ReadSource,
} from './read-request.js';
import {
  eventMessage,
  firstStreamPositionMessage,
  lastStreamPositionMessage,
  streamNotFoundMessage,
} from './read-response.js';
import { type Access } from './security/access.js';
import { isMemoryStream } from './store/memory-streams.js';
import { type NodeStore } from './store/node-store.js';
import { type LogEvent } from './store/record.js';
import { firstVisible, isYoungEnough } from './store/streams.js';
import { subscribe } from './subscription.js';

/** How many events the real server looks at before it says where it goes on. */
const REAL_PAGE_EVENTS = 32;

export function readHandler(store: NodeStore, access: Access): Handler {
  return {
    isLong: true,
    open: (call) => {
      const outlet = createOutlet(call);
      const wake = () => outlet.wake();
      const start = (message: ReadMessage) => {
        const stream = streamToRead(message);
        const demandAccess = () => {
          if (stream !== undefined) access.demand(call, 'read', stream);
        };
        read(store, message, outlet, demandAccess).then(
          () => call.end(),
          (error: unknown) => call.fail(error),
        );
      };
      return { ...oneRequest(decodeRequest, start), drained: wake, over: wake };
    },
  };
}

const decodeRequest = (bytes: Buffer): ReadMessage =>
  streamMessages.ReadReq.deserializeBinary(bytes);

async function read(
  store: NodeStore,
  message: ReadMessage,
  outlet: Outlet,
  demandAccess: () => void,
): Promise<void> {
  demandAccess();
  const request = parseReadRequest(message);
  const { source, mode } = request;
  if (source.from === 'unset') return;
  if (mode.kind === 'subscription') return subscribe(store, request, outlet, demandAccess);
  const { count } = mode;
  if (source.kind === 'stream') return readStream(store, { request, source, count }, outlet);
  const pages = request.backwards
    ? allBackwards(store.log, source.from)
    : allForwards(store.log, source.from);
  const messageOf = eventMessages(store.streams, request);
  const passes = source.filter?.passes ?? (() => true);
  await sendPages(pages, { count, passes, messageOf }, outlet);
}

interface StreamRead {
  request: ReadRequest;
  source: ReadSource & { kind: 'stream' };
  count: number;
}

async function readStream(
  store: NodeStore,
  { request, source, count }: StreamRead,
  outlet: Outlet,
): Promise<void> {
  const { name, from } = source;
  if (count === 0 || (from === 'end' && !request.backwards)) {
    throw unknownError('Unexpected ReadStreamResult: Error');
  }
  if (isMemoryStream(name)) return readMemoryStream(store, { request, source, count }, outlet);
  const { log, streams } = store;
  const stream = streams.stream(name);
  if (stream.isTombstoned) throw streamDeleted(name);
  const { head, metadata } = stream;
  if (!head || metadata.isSoftDeleted) {
    outlet.send(streamNotFoundMessage(name));
    return;
  }
  const first = firstVisible(stream);
  const last = head.lastRevision;
  const asked = from === 'start' ? 0 : typeof from === 'number' ? from : last;
  const range: RevisionRange = request.backwards
    ? { from: Math.min(asked, last), to: first, direction: -1 }
    : { from: Math.max(asked, first), to: last, direction: 1 };
  const saysPositions = request.compatibility > 0;
  if (saysPositions && !request.backwards) {
    const empty = emptyPages({ asked, first, last, count });
    for (const revision of empty) outlet.send(firstStreamPositionMessage(revision));
  }
  const pages = streamPages(log, head.streamId, range);
  const messageOf = eventMessages(streams, request);
  await sendPages(pages, { count, passes: isYoungEnough(metadata), messageOf }, outlet);
  if (saysPositions) outlet.send(lastStreamPositionMessage(last));
}

function readMemoryStream(
  store: NodeStore,
  { request, source: { name, from } }: StreamRead,
  outlet: Outlet,
): void {
  const event = store.memoryEvent(name);
  const isBeyond = typeof from === 'number' && from > 0 && !request.backwards;
  if (!event) outlet.send(streamNotFoundMessage(name));
  else if (!isBeyond) outlet.send(eventMessage(event, request.uuidForm));
}

/** Where the real server goes on after pages in which it found nothing. */
function emptyPages(read: { asked: number; first: number; last: number; count: number }): number[] {
  const { asked, first, last, count } = read;
  const isBeforeFirst = asked + Math.min(count, REAL_PAGE_EVENTS) <= first;
  const isBeyondLast = Math.max(asked, first) > last + 1;
  return [...(isBeforeFirst ? [first] : []), ...(isBeyondLast ? [last + 1] : [])];
}

interface Sending {
  count: number;
  passes: (event: LogEvent) => boolean;
  messageOf: ReturnType<typeof eventMessages>;
}

async function sendPages(
  pages: Iterable<LogEvent[]>,
  { count, passes, messageOf }: Sending,
  outlet: Outlet,
): Promise<void> {
  let left = count;
  for (const page of pages) {
    for (const event of page) {
      if (left === 0 || outlet.closed) return;
      if (!passes(event)) continue;
      left -= 1;
      if (!outlet.send(messageOf(event, 'history'))) await outlet.ready();
    }
    await nextTurn();
  }
}
