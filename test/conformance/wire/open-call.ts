// A call that stays open: the messages so far, waiting for more, cancelling.
import { type ServiceError } from '@grpc/grpc-js';
import { statusOf, type Status } from './status.js';
import { sleep, waitFor } from './waiting.js';

const PATIENCE_MS = 20_000;
/** How long nothing must come before it is taken that nothing comes. */
const SILENCE_MS = 700;

/** What a call ends with: `end`, `cancelled here`, or its status. */
export type Ending = string | { status: Status };

interface Call<Raw> {
  on(event: 'data', listener: (raw: Raw) => void): unknown;
  on(event: 'error', listener: (error: ServiceError) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  cancel(): void;
  pause(): unknown;
  resume(): unknown;
}

export interface OpenCall<Message, Raw = unknown> {
  /** Made comparable, the ending last. */
  readonly messages: (Message | Ending)[];
  readonly rawMessages: Raw[];
  readonly ended: boolean;
  /** Until the condition holds for the messages so far or the call ended; false: not in time. */
  until(condition: (messages: (Message | Ending)[]) => unknown, ms?: number): Promise<boolean>;
  count(messages: number, ms?: number): Promise<boolean>;
  /** Until nothing came for so long. */
  settle(silenceMs?: number): Promise<void>;
  /** Stops reading, and goes on. */
  pause(): void;
  resume(): void;
  /** Hears of the error with which the call ends, also when it was cancelled here. */
  onError(listener: (error: ServiceError) => void): void;
  cancel(): void;
}

export function follow<Raw, Message>(
  call: Call<Raw>,
  shown: (raw: Raw) => Message,
): OpenCall<Message, Raw> {
  const messages: (Message | Ending)[] = [];
  const rawMessages: Raw[] = [];
  let ended = false;
  const finish = (ending: Ending) => {
    if (!ended) messages.push(ending);
    ended = true;
  };
  call.on('data', (raw) => {
    rawMessages.push(raw);
    messages.push(shown(raw));
  });
  call.on('error', (error) => finish({ status: statusOf(error) }));
  // An error may follow the end.
  call.on('end', () => setImmediate(() => finish('end')));
  const until: OpenCall<Message>['until'] = async (condition, ms = PATIENCE_MS) =>
    (await waitFor(() => Boolean(condition(messages)) || ended, ms)) === true;
  return {
    messages,
    rawMessages,
    get ended() {
      return ended;
    },
    until,
    count: (n, ms) => until(() => messages.length >= n, ms),
    settle: async (silenceMs = SILENCE_MS) => {
      for (let seen = -1; seen !== messages.length && !ended;) {
        seen = messages.length;
        await sleep(silenceMs);
      }
    },
    pause: () => void call.pause(),
    resume: () => void call.resume(),
    onError: (listener) => void call.on('error', listener),
    cancel: () => {
      finish('cancelled here');
      call.cancel();
    },
  };
}
