// The sending end of a Read call: keeps to the pace of the receiver, and knows when it is gone.
import { type ServerCall } from './grpc/handler.js';

export interface Outlet {
  readonly closed: boolean;
  /** True if more may be sent at once; else wait for `ready` first. */
  send(message: Buffer): boolean;
  ready(): Promise<void>;
  /** Resolves when `signal` does, or as soon as the call is closed. */
  waitFor(signal: Promise<void>): Promise<void>;
  /** To be called when more may be sent, and when the call is over. */
  wake(): void;
}

export function createOutlet(call: ServerCall): Outlet {
  // One reader waits for one thing at a time, so one slot for who to wake is enough, and a call
  // that lives for weeks does not gather listeners.
  let wakeUp = () => {};
  const sleep = () =>
    call.isOver
      ? Promise.resolve()
      : new Promise<void>((resolve) => {
          wakeUp = resolve;
        });
  return {
    get closed() {
      return call.isOver;
    },
    send: (message) => call.send(message),
    ready: sleep,
    waitFor: (signal) => {
      const asleep = sleep();
      void signal.then(wakeUp);
      return asleep;
    },
    wake: () => wakeUp(),
  };
}
