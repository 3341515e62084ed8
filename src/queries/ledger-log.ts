// What the log itself has of a ledger, past all read models.
import {
  type EventStore,
  type ReadStreamOptions,
  type StoredEvent,
} from '../event-store/event-store.js';
import { ledgerStream } from '../event-store/stream-names.js';

/** The last event of a ledger; undefined when there is no such ledger. Throws EventStoreUnavailable. */
export async function newestEvent(
  store: EventStore,
  ledger: string,
): Promise<StoredEvent | undefined> {
  const [newest] = await eventsOf(store, ledger, { from: 'end', direction: 'backwards', limit: 1 });
  return newest;
}

/** Events of a ledger, in memory together: name a limit. Throws EventStoreUnavailable. */
export async function eventsOf(
  store: EventStore,
  ledger: string,
  options: ReadStreamOptions & { readonly limit: number },
): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const event of store.readStream(ledgerStream(ledger), options)) events.push(event);
  return events;
}
