// What the node does for a method, as the server of calls sees it.
import { GrpcError } from '../errors.js';
import { STATUS } from './status.js';

/** What is known of a call before its first message. */
export interface IncomingCall {
  /** Such as `/event_store.client.streams.Streams/Read`. */
  readonly path: string;
  /** The address that the caller dialled. */
  readonly host: string;
  header(name: string): string | undefined;
}

export interface ServerCall extends IncomingCall {
  /** Answered, cancelled or cut: what is sent goes nowhere. */
  readonly isOver: boolean;
  /** Bytes of one message; false if the receiver should be waited for, until `drained`. */
  send(message: Buffer): boolean;
  /** Ends it well. */
  end(): void;
  /** Ends it with what `toGrpcError` makes of the error. */
  fail(error: unknown): void;
  /** No more messages for a while, but for those that have arrived. */
  pause(): void;
  resume(): void;
}

/** Who takes what comes in a call; what it throws ends the call. Told nothing once it is over. */
export interface Receiver {
  message(bytes: Buffer): void;
  /** The caller has sent everything. */
  halfClosed(): void;
  /** What was sent is on its way: more may follow. */
  drained?(): void;
  /** Once, however the call ended. */
  over?(): void;
}

export interface Handler {
  /** It may stay open for as long as the node runs, and is ended when that stops. */
  isLong: boolean;
  open(call: ServerCall): Receiver;
}

export type Decode<Request> = (bytes: Buffer) => Request;

/** Throws a GrpcError if the bytes are no such message. */
export function decoded<Request>(decode: Decode<Request>, bytes: Buffer): Request {
  try {
    return decode(bytes);
  } catch {
    throw new GrpcError(STATUS.INTERNAL, 'Error deserializing request');
  }
}

/** Takes the one message of a call that has one, and goes on when the caller has sent it. */
export function oneRequest<Request>(
  decode: Decode<Request>,
  run: (request: Request) => void,
): Receiver {
  const requests: Request[] = [];
  return {
    message: (bytes) => {
      if (requests.length > 0) throw wrongCount('a second message');
      requests.push(decoded(decode, bytes));
    },
    halfClosed: () => {
      if (requests.length === 0) throw wrongCount('no message');
      for (const request of requests) run(request);
    },
  };
}

const wrongCount = (received: string) =>
  new GrpcError(STATUS.UNIMPLEMENTED, `Received ${received} for a method that takes one`);

/** A method that answers one message with one. */
export function unary<Request>(
  decode: Decode<Request>,
  work: (request: Request, call: IncomingCall) => Buffer | Promise<Buffer>,
): Handler {
  return {
    isLong: false,
    open: (call) =>
      oneRequest(decode, (request) => {
        const answered = async () => work(request, call);
        answered().then(
          (reply) => {
            call.send(reply);
            call.end();
          },
          (error: unknown) => call.fail(error),
        );
      }),
  };
}
