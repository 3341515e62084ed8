// What the log itself has of a ledger, past all read models.
import { type EventStore, type StoredEvent } from '../event-store/event-store.js';
import { ledgerStream } from '../event-store/stream-names.js';

/** The last event of a ledger; undefined when there is no such ledger. Throws EventStoreUnavailable. */
export async function newestEvent(
  store: EventStore,
  ledger: string,
): Promise<StoredEvent | undefined> {
  const options = { from: 'end', direction: 'backwards', limit: 1 } as const;
  for await (const event of store.readStream(ledgerStream(ledger), options)) return event;
  return undefined;
}
