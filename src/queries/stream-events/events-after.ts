// All events of a ledger after a revision, each once and in order, for as long as somebody reads: what is
// in the log already from the log, what comes from then on as it comes.
import { type EventStore, type StoredEvent } from '../../event-store/event-store.js';
import { eventsOf } from '../ledger-log.js';
import { type OneAtATime } from '../one-at-a-time.js';
import { type LiveEvents } from './live-events.js';

/** Events read from the log at a time; they are in memory until the reader has taken them. */
const PAGE_EVENTS = 128;

export interface EventSource {
  readonly store: EventStore;
  readonly live: LiveEvents;
  /** Readers take turns, so that however many come back at once, commands find the store free. */
  readonly turns: OneAtATime;
}

/** Ends with the signal. Throws EventStoreUnavailable when the log does not answer. */
export async function* eventsAfter(
  { store, live, turns }: EventSource,
  { ledger, after, signal }: { ledger: string; after: number; signal: AbortSignal },
): AsyncGenerator<StoredEvent> {
  const listener = await live.listen(ledger);
  const leave = () => listener.end();
  signal.addEventListener('abort', leave, { once: true });
  try {
    let next = after + 1;
    while (!signal.aborted) {
      const options = { from: next, limit: PAGE_EVENTS };
      const page = await turns.run(() => eventsOf(store, ledger, options));
      for (const event of page) {
        yield event;
        next = event.revision + 1;
      }
      if (page.length === PAGE_EVENTS) continue;
      let heard = await listener.next();
      // One that is not the next shows that some were missed; the log has them.
      while (heard !== undefined && heard.revision <= next) {
        if (heard.revision === next) {
          yield heard;
          next += 1;
        }
        heard = await listener.next();
      }
    }
  } finally {
    signal.removeEventListener('abort', leave);
    listener.end();
  }
}
