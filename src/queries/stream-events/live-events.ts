// New events of all ledgers, for whoever listens: one subscription of the process, begun at the end of the
// log for the first listener and left with the last.
import { type EventAt, type EventStore } from '../../event-store/event-store.js';
import { LEDGER_STREAM_PREFIX, ledgerStream } from '../../event-store/stream-names.js';
import { Listener } from './listener.js';

interface Subscription {
  /** From then on nothing is missed. Rejects when the log cannot be reached. */
  readonly begun: Promise<void>;
  readonly leaving: AbortController;
}

export class LiveEvents {
  private readonly listeners = new Map<string, Set<Listener>>();
  private subscription: Subscription | undefined;

  constructor(private readonly store: EventStore) {}

  /** Hears of every event that is appended after this call has resolved. Throws EventStoreUnavailable. */
  async listen(ledger: string): Promise<Listener> {
    const stream = ledgerStream(ledger);
    const listener = new Listener((leaving) => this.leave(stream, leaving));
    const others = this.listeners.get(stream);
    if (others) others.add(listener);
    else this.listeners.set(stream, new Set([listener]));
    this.subscription ??= this.subscribe();
    try {
      await this.subscription.begun;
      return listener;
    } catch (error) {
      listener.end();
      throw error;
    }
  }

  private subscribe(): Subscription {
    const leaving = new AbortController();
    const last = this.store.lastEvent();
    const begun = last.then(() => undefined);
    const following = last.then((event) => this.follow(event, leaving.signal));
    following.catch((error: unknown) => {
      if (this.subscription?.leaving !== leaving) return;
      for (const listener of [...this.listeners.values()].flatMap((some) => [...some])) {
        listener.end({ error });
      }
    });
    return { begun, leaving };
  }

  private async follow(last: EventAt | undefined, signal: AbortSignal): Promise<void> {
    const from = { after: undefined, scanned: last };
    const messages = this.store.subscribe({ streamPrefix: LEDGER_STREAM_PREFIX, ...from, signal });
    for await (const message of messages) {
      if ('kind' in message) continue;
      for (const listener of this.listeners.get(message.stream) ?? []) listener.hear(message);
    }
  }

  private leave(stream: string, listener: Listener): void {
    const others = this.listeners.get(stream);
    others?.delete(listener);
    if (others?.size === 0) this.listeners.delete(stream);
    if (this.listeners.size > 0) return;
    this.subscription?.leaving.abort();
    this.subscription = undefined;
  }
}
