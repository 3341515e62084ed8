// Messages that wait for a consumer: those to be tried again first, in the order of their source,
// then those that nobody had yet. Replayed messages come after what is tried again, as replayed.
import { type Message } from './message.js';

export interface Waiting {
  readonly fresh: number;
  readonly retries: number;
  add(message: Message): void;
  addRetry(message: Message): void;
  remove(message: Message): void;
  inOrder(): Iterable<Message>;
}

export function createWaiting(): Waiting {
  const retries: Message[] = [];
  // A Set keeps the order, and what is taken out of its middle costs nothing.
  const fresh = new Set<Message>();
  return {
    get fresh() {
      return fresh.size;
    },
    get retries() {
      return retries.length;
    },
    add: (message) => void fresh.add(message),
    addRetry: (message) => {
      const later = retries.findIndex((other) => order(other) > order(message));
      retries.splice(later === -1 ? retries.length : later, 0, message);
    },
    remove: (message) => {
      if (fresh.delete(message)) return;
      retries.splice(retries.indexOf(message), 1);
    },
    *inOrder() {
      yield* [...retries];
      yield* fresh;
    },
  };
}

const order = (message: Message) => (message.isReplayed ? Infinity : message.ticket);
