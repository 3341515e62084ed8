// A checkpoint belongs to one log. After a restore from an older backup, or on another installation's
// log, going on from it would skip events or mix two histories.
import { type EventStore } from '../../src/event-store/event-store.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { type Checkpoint } from './checkpoint.js';

/** The log does not hold the last event that was applied. */
export class AnotherLog extends Error {
  override readonly name = 'AnotherLog';
}

/** Throws AnotherLog, or EventStoreUnavailable. */
export async function assertSameLog(store: EventStore, { last }: Checkpoint): Promise<void> {
  if (!last) return;
  const place = { from: last.revision, limit: 1 };
  let isSame = false;
  for await (const stored of store.readStream(ledgerStream(last.ledger), place)) {
    isSame = stored.id === last.id && stored.metadata['hash'] === last.hash;
  }
  if (isSame) return;
  throw new AnotherLog(
    `The read models were built up to event ${last.id} (ledger ${last.ledger}, revision ` +
      `${last.revision}), which this log does not hold: it was restored from an older backup, or is ` +
      'another one. Connect to the right log, or run "daybook projections rebuild --all" to build ' +
      'the read models from this one.',
  );
}
