// gRPC over HTTP/2: finds the handler of each call, and ends what is open when the node stops.
import {
  constants,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { type Socket } from 'node:net';
import { GrpcError, handlerError } from '../errors.js';
import { startCall } from './call.js';
import { type Handler, type IncomingCall, type ServerCall } from './handler.js';
import { STATUS } from './status.js';

export interface GrpcServerOptions {
  /** By path, such as `/event_store.client.streams.Streams/Read`. */
  handlers: Readonly<Record<string, Handler>>;
  /** Rejects with the error that the call is answered with; before any message is looked at. */
  admit?: ((call: IncomingCall) => Promise<void>) | undefined;
}

export interface GrpcServer {
  /** Serves a connection, decrypted, that speaks HTTP/2. */
  serve(connection: Socket): void;
  /** Ends long calls with UNAVAILABLE, never with OK: the official client waits for ever on what an
   *  orderly end leaves unanswered. Lets the others finish, for a moment. */
  close(): Promise<void>;
}

/** Calls at a time on one connection, as on the real server. */
const CALLS_MAX = 100;
/** What a caller may send before it is read: enough that appends do not wait for permission. */
const CALL_WINDOW_BYTES = 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 4 * 1024 * 1024;
const CLOSE_TIMEOUT_MS = 2_000;

export function createGrpcServer({ handlers, admit }: GrpcServerOptions): GrpcServer {
  const find = createDirectory(handlers);
  const sessions = new Set<ServerHttp2Session>();
  const longCalls = new Set<ServerCall>();
  const server = createServer({
    // Callers that offend against the limits of HTTP/2 are cut; memory is bounded by windows.
    maxSessionMemory: Number.MAX_SAFE_INTEGER,
    maxSendHeaderBlockLength: Number.MAX_SAFE_INTEGER,
    settings: { maxConcurrentStreams: CALLS_MAX, initialWindowSize: CALL_WINDOW_BYTES },
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('connect', () => session.setLocalWindowSize(CONNECTION_WINDOW_BYTES));
    session.once('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    if (!isGrpc(headers)) return refuseMediaType(stream);
    const call = startCall(stream, headers, () => longCalls.delete(call));
    const handler = find(call.path);
    if (handler instanceof GrpcError) return call.fail(handler);
    const begin = () => {
      if (call.isOver) return;
      if (handler.isLong) longCalls.add(call);
      call.begin(handler.open(call));
    };
    if (!admit) return begin();
    admit(call).then(begin, (error: unknown) => call.fail(error));
  });
  return {
    serve: (connection) => void server.emit('connection', connection),
    close: async () => {
      const ended = new GrpcError(STATUS.UNAVAILABLE, 'Server shutting down');
      for (const call of longCalls) call.fail(ended);
      await closeAll([...sessions]);
    },
  };
}

/** The real server finds methods whatever their case, but then fails at a wrong one. */
function createDirectory(handlers: GrpcServerOptions['handlers']) {
  const byPath = new Map(Object.entries(handlers));
  const lowerCase = new Set([...byPath.keys()].map((path) => path.toLowerCase()));
  const serviceOf = (path: string) => path.slice(0, path.lastIndexOf('/'));
  const services = new Set([...byPath.keys()].map(serviceOf));
  return (path: string): Handler | GrpcError => {
    const handler = byPath.get(path);
    if (handler) return handler;
    if (lowerCase.has(path.toLowerCase())) return handlerError();
    const missing = services.has(serviceOf(path)) ? 'Method' : 'Service';
    return new GrpcError(STATUS.UNIMPLEMENTED, `${missing} is unimplemented.`);
  };
}

const isGrpc = (headers: IncomingHttpHeaders) =>
  headers['content-type']?.startsWith('application/grpc') === true;

function refuseMediaType(stream: ServerHttp2Stream): void {
  stream.on('error', () => stream.destroy());
  stream.respond({ ':status': constants.HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE }, { endStream: true });
}

async function closeAll(sessions: readonly ServerHttp2Session[]): Promise<void> {
  const impatient = setTimeout(() => {
    for (const session of sessions) session.destroy(undefined, constants.NGHTTP2_CANCEL);
  }, CLOSE_TIMEOUT_MS);
  const closed = sessions.map(
    (session) =>
      new Promise<void>((resolve) => {
        if (session.destroyed) return resolve();
        session.once('close', resolve);
        session.close();
      }),
  );
  await Promise.all(closed);
  clearTimeout(impatient);
}
