// gRPC by hand over HTTP/2, for what no client sends.
import {
  connect,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
} from 'node:http2';

/** A message as it is on the wire; the flag says that it is compressed. */
export function framed(message: Uint8Array, flag = 0): Buffer {
  const header = Buffer.alloc(5);
  header[0] = flag;
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}

export function openSession(port: number): ClientHttp2Session {
  const session = connect(`http://127.0.0.1:${port}`);
  // Whoever misbehaves may be cut off: what then became of the node is asked elsewhere.
  session.on('error', () => {});
  return session;
}

export interface RawCall {
  stream: ClientHttp2Stream;
  /** '200 13 Error deserializing request' once it ended; 'reset' if it ended without an answer. */
  ended: Promise<string>;
  /** It ended, or was answered something. */
  answered: Promise<void>;
}

/** Sends nothing but headers, and reads nothing unless told to. */
export function openCall(
  session: ClientHttp2Session,
  path: string,
  headers: Record<string, string> = {},
): RawCall {
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  stream.on('error', () => {});
  let answer: IncomingHttpHeaders = {};
  let tell: (answer: string) => void;
  const ended = new Promise<string>((resolve) => (tell = resolve));
  const told = () => {
    const [status, code, message] = [':status', 'grpc-status', 'grpc-message'].map((key) =>
      decodeURIComponent([answer[key] ?? ''].flat().join()),
    );
    tell([status, code, message].filter((part) => part !== '').join(' ') || 'reset');
  };
  const response = new Promise<void>((resolve) => {
    stream.once('response', (headers) => {
      answer = { ...headers };
      if ('grpc-status' in headers) told();
      resolve();
    });
  });
  // The node may be done with a call that its caller has not ended yet.
  stream.once('trailers', (trailers: IncomingHttpHeaders) => {
    answer = { ...answer, ...trailers };
    told();
  });
  stream.once('close', told);
  return { stream, ended, answered: Promise.race([response, ended.then(() => {})]) };
}

/** Sends bytes, half-closes, and reads to the end. */
export function answerTo(
  session: ClientHttp2Session,
  path: string,
  body: Uint8Array,
  headers: Record<string, string> = {},
): Promise<string> {
  const call = openCall(session, path, headers);
  call.stream.resume();
  call.stream.end(body);
  return call.ended;
}

export const cancel = ({ stream }: RawCall) => stream.close(constants.NGHTTP2_CANCEL);
