// How fast the official client alone reads the log: what a rebuild is measured by.
import { EventStoreDBClient, START, streamNameFilter } from '@eventstore/db-client';
import { LEDGER_STREAM_PREFIX } from '../../src/event-store/stream-names.js';

/** Reads every event of every ledger, and does nothing with it. Resolves to how long that takes. */
export async function readBare(eventStoreUrl: string): Promise<{ events: number; ms: number }> {
  const client = EventStoreDBClient.connectionString(eventStoreUrl);
  const startedAt = performance.now();
  const subscription = client.subscribeToAll({
    fromPosition: START,
    filter: streamNameFilter({ prefixes: [LEDGER_STREAM_PREFIX] }),
  });
  let events = 0;
  const isRead = new Promise<void>((resolve, reject) => {
    subscription.on('data', () => {
      events += 1;
    });
    subscription.on('caughtUp', resolve);
    subscription.on('error', reject);
  });
  await isRead;
  const ms = performance.now() - startedAt;
  await subscription.unsubscribe();
  await client.dispose();
  return { events, ms };
}
