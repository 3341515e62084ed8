// What an export asks of a ledger's stream: where it begins and ends, and all of it, checked on the way.
import { type EventStore, type StoredEvent } from '../../event-store/event-store.js';
import { GENESIS_HASH, brokenLink } from '../../event-store/hash-chain.js';
import { ledgerStream } from '../../event-store/stream-names.js';
import { Failure } from '../../platform/failure.js';

/** The last event there is now. Throws a Failure when there is no such ledger. */
export async function lastEvent(store: EventStore, ledger: string): Promise<StoredEvent> {
  const last = await newestEvent(store, ledger);
  if (last) return last;
  throw new Failure('usage', `There is no ledger "${ledger}" in the event store.`);
}

/** The same; undefined when there is no such ledger. Throws EventStoreUnavailable. */
export async function newestEvent(
  store: EventStore,
  ledger: string,
): Promise<StoredEvent | undefined> {
  const newest = { from: 'end', direction: 'backwards', limit: 1 } as const;
  for await (const stored of store.readStream(ledgerStream(ledger), newest)) return stored;
  return undefined;
}

/** The event at a revision; undefined when the stream ends before. Throws EventStoreUnavailable. */
export async function eventAt(
  store: EventStore,
  ledger: string,
  revision: number,
): Promise<StoredEvent | undefined> {
  const stream = ledgerStream(ledger);
  for await (const stored of store.readStream(stream, { from: revision, limit: 1 })) return stored;
  return undefined;
}

/**
 * All events up to a revision. Throws a Failure at the first that does not follow from the one before it,
 * EventStoreUnavailable when the store goes away.
 */
export async function* chainedEvents(
  store: EventStore,
  ledger: string,
  through: number,
): AsyncGenerator<StoredEvent> {
  let [previousHash, due] = [GENESIS_HASH, 0];
  const all = { from: 0, limit: through + 1 };
  for await (const stored of store.readStream(ledgerStream(ledger), all)) {
    const broken = brokenLink(previousHash, stored);
    if (stored.revision !== due || broken !== undefined) {
      const problem = broken ?? `revision ${stored.revision} comes where ${due} was due`;
      throw new Failure('findings', `The log of ledger "${ledger}" is damaged: ${problem}.`);
    }
    yield stored;
    previousHash = String(stored.metadata['hash']);
    due += 1;
  }
  if (due > through) return;
  throw new Failure('findings', `The log of ledger "${ledger}" ends before revision ${through}.`);
}
