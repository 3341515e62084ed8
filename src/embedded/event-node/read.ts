// Streams.Read: checks the request, then either sends what is there and ends, or subscribes.
import { type ServerWritableStream } from '@grpc/grpc-js';
import { toGrpcError, unknownError } from './errors.js';
import { type OpenCalls } from './open-calls.js';
import { createOutlet, type Outlet } from './outlet.js';
import { allBackwards, allForwards, nextTurn, streamPages } from './log-pages.js';
import {
  parseReadRequest,
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
import { type NodeStore } from './store/node-store.js';
import { type LogReader } from './store/log-reader.js';
import { type LogEvent } from './store/record.js';
import { subscribe } from './subscription.js';

type ReadCall = ServerWritableStream<ReadMessage, Buffer>;

/** Streams with such names are the real server's view of its own memory: what is written is lost. */
const MEMORY_STREAM_PREFIX = '$mem-';

export function readHandler(store: NodeStore, calls: OpenCalls) {
  return (call: ReadCall): void => {
    const outlet = createOutlet(call, calls);
    read(store, call.request, outlet).then(
      () => outlet.end(),
      (error: unknown) => outlet.fail(toGrpcError(error)),
    );
  };
}

async function read(store: NodeStore, message: ReadMessage, outlet: Outlet): Promise<void> {
  const request = parseReadRequest(message);
  const { source, mode } = request;
  if (source.from === 'unset') return;
  if (mode.kind === 'subscription') return subscribe(store, request, outlet);
  if (source.kind === 'stream') return readStream(store.log, request, source, outlet);
  const pages = request.backwards
    ? allBackwards(store.log, source.from)
    : allForwards(store.log, source.from);
  const { filter } = source;
  await sendPages(pages, request, mode.count, outlet, (event) => !filter || filter.passes(event));
}

async function readStream(
  log: LogReader,
  request: ReadRequest,
  { name, from }: ReadSource & { kind: 'stream' },
  outlet: Outlet,
): Promise<void> {
  const count = request.mode.kind === 'count' ? request.mode.count : 0;
  if (count === 0 || (from === 'end' && !request.backwards)) {
    throw unknownError('Unexpected ReadStreamResult: Error');
  }
  const head = name.startsWith(MEMORY_STREAM_PREFIX) ? undefined : log.stream(name);
  if (!head) {
    outlet.send(streamNotFoundMessage(name));
    return;
  }
  const asked = from === 'start' ? 0 : typeof from === 'number' ? from : head.lastRevision;
  const start = request.backwards ? Math.min(asked, head.lastRevision) : asked;
  const saysPositions = request.compatibility > 0;
  if (saysPositions && start > head.lastRevision + 1) {
    outlet.send(firstStreamPositionMessage(head.lastRevision + 1));
  }
  const pages = streamPages(log, head, start, request.backwards ? -1 : 1);
  await sendPages(pages, request, count, outlet, () => true);
  if (saysPositions) outlet.send(lastStreamPositionMessage(head.lastRevision));
}

async function sendPages(
  pages: Iterable<LogEvent[]>,
  request: ReadRequest,
  count: number,
  outlet: Outlet,
  passes: (event: LogEvent) => boolean,
): Promise<void> {
  let left = count;
  for (const page of pages) {
    for (const event of page) {
      if (left === 0 || outlet.closed) return;
      if (!passes(event)) continue;
      left -= 1;
      if (!outlet.send(eventMessage(event, request.uuidForm))) await outlet.ready();
    }
    await nextTurn();
  }
}
