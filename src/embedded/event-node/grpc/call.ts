// One call over one HTTP/2 stream: what comes in is cut into messages, what is sent is gathered, and
// the call ends once, with a status in its trailers.
import { type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { GrpcError, toGrpcError } from '../errors.js';
import { timeoutOf } from './deadline.js';
import { createFrameReader } from './framing.js';
import { type Receiver, type ServerCall } from './handler.js';
import { createOutbox } from './outbox.js';
import { STATUS, type Outcome } from './status.js';

const STATUS_ALONE_HEADERS = { ':status': 200, 'content-type': 'application/grpc+proto' };
const RESPONSE_HEADERS = {
  ...STATUS_ALONE_HEADERS,
  'grpc-accept-encoding': 'identity,deflate,gzip',
};
const OK: Outcome = { code: STATUS.OK, details: 'OK', trailers: {} };

export interface StartedCall extends ServerCall {
  /** What came so far, and what comes, goes there. */
  begin(receiver: Receiver): void;
}

/** `onOver` is told once, when the call was answered, cancelled or cut. */
export function startCall(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  onOver: () => void,
): StartedCall {
  let isOver = false;
  let hasResponded = false;
  let receiver: Receiver | undefined;
  let deadline: NodeJS.Timeout | undefined;

  const beOver = () => {
    if (isOver) return;
    isOver = true;
    clearTimeout(deadline);
    onOver();
    receiver?.over?.();
  };
  const respond = () => {
    if (stream.destroyed || stream.closed) return false;
    if (!hasResponded) stream.respond(RESPONSE_HEADERS, { waitForTrailers: true });
    hasResponded = true;
    return true;
  };
  const outbox = createOutbox(stream, respond);
  const finish = (outcome: Outcome) => {
    if (isOver) return;
    if (outbox.isEmpty && !hasResponded) {
      const both = { ...STATUS_ALONE_HEADERS, ...trailersOf(outcome) };
      if (!stream.destroyed && !stream.closed) stream.respond(both, { endStream: true });
    } else if (respond()) {
      stream.once('wantTrailers', () => stream.sendTrailers(trailersOf(outcome)));
      stream.end(outbox.take());
    }
    beOver();
  };
  const fail = (error: unknown) => finish(toGrpcError(error));

  stream.on('error', beOver);
  stream.on('aborted', beOver);
  stream.on('close', beOver);
  stream.on('drain', () => receiver?.drained?.());
  const timeout = headers['grpc-timeout'];
  if (typeof timeout === 'string') {
    const timeoutMs = timeoutOf(timeout);
    const late = new GrpcError(STATUS.DEADLINE_EXCEEDED, 'Deadline Exceeded');
    if (timeoutMs !== undefined) deadline = setTimeout(fail, timeoutMs, late);
  }
  const call: StartedCall = {
    path: headers[':path'] ?? '',
    host: headers[':authority'] ?? headers.host ?? '',
    header: (name) => textOf(headers[name]),
    get isOver() {
      return isOver;
    },
    send: (message) => isOver || outbox.send(message),
    end: () => finish(OK),
    fail,
    pause: () => stream.pause(),
    resume: () => stream.resume(),
    begin: (to) => {
      receiver = to;
      receive(stream, call, to);
      if (isOver) to.over?.();
    },
  };
  return call;
}

/** Messages and the half-close, as long as the call is not over; what the receiver throws ends it. */
function receive(stream: ServerHttp2Stream, call: ServerCall, receiver: Receiver): void {
  const frames = createFrameReader(call.header('grpc-encoding') ?? 'identity', (message) => {
    if (!call.isOver) receiver.message(message);
  });
  stream.on('data', (chunk: Buffer) => {
    if (call.isOver) return;
    try {
      frames.push(chunk);
    } catch (error) {
      call.fail(error);
    }
  });
  stream.on('end', () => {
    if (call.isOver || stream.aborted || stream.rstCode !== 0) return;
    try {
      frames.end();
      receiver.halfClosed();
    } catch (error) {
      call.fail(error);
    }
  });
}

function trailersOf({ code, details, trailers }: Outcome): Record<string, string | number> {
  return { 'grpc-status': code, 'grpc-message': encodeURI(details), ...trailers };
}

const textOf = (header: string | string[] | undefined) =>
  Array.isArray(header) ? header[0] : header;
