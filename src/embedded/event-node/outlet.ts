// The sending end of a Read call: keeps to the pace of the receiver, and knows when it is gone.
import { type ServerWritableStream } from '@grpc/grpc-js';
import { type OpenCalls } from './open-calls.js';

export interface Outlet {
  readonly closed: boolean;
  /** True if more may be sent at once; else wait for `ready` first. */
  send(message: Buffer): boolean;
  ready(): Promise<void>;
  /** Resolves when `signal` does, or as soon as the call is closed. */
  waitFor(signal: Promise<void>): Promise<void>;
  end(): void;
  fail(error: Error): void;
}

export function createOutlet<Request>(
  call: ServerWritableStream<Request, Buffer>,
  calls: OpenCalls,
): Outlet {
  let closed = false;
  let wake = () => {};
  calls.track(call, () => {
    closed = true;
    wake();
  });
  // One reader waits for one thing at a time, so one slot for who to wake is enough, and a call
  // that lives for weeks does not gather listeners.
  const sleepUntil = (arm: (wakeUp: () => void) => void) =>
    closed
      ? Promise.resolve()
      : new Promise<void>((resolve) => {
          wake = resolve;
          arm(resolve);
        });
  return {
    get closed() {
      return closed;
    },
    send: (message) => closed || call.write(message),
    ready: () => sleepUntil((wakeUp) => call.once('drain', wakeUp)),
    waitFor: (signal) => sleepUntil((wakeUp) => void signal.then(wakeUp)),
    end: () => {
      if (!closed) call.end();
    },
    fail: (error) => {
      if (!closed) call.emit('error', error);
    },
  };
}
