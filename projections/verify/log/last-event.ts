import { type EventStore, type StoredEvent } from '../../../src/event-store/event-store.js';
import { ledgerStream } from '../../../src/event-store/stream-names.js';

/** There is no such ledger in the log. */
export class LedgerMissing extends Error {
  override readonly name = 'LedgerMissing';
}

/** Of a ledger, as it is now. Throws LedgerMissing, EventStoreUnavailable. */
export async function lastEvent(store: EventStore, ledger: string): Promise<StoredEvent> {
  const place = { from: 'end', direction: 'backwards', limit: 1 } as const;
  for await (const last of store.readStream(ledgerStream(ledger), place)) return last;
  throw new LedgerMissing(`The log has no ledger "${ledger}".`);
}
