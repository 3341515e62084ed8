// The first start opens the demo ledger. A note in the data folder spares later starts the reading
// of a ledger that may have grown; without the note, an opening cut short is completed.
import { join } from 'node:path';
import { type Config } from '../../platform/config.js';
import { createLogger } from '../../platform/logger.js';
import { readIfPresent, writePrivateFile } from '../../platform/private-file.js';

const NOTE = 'demo-opened';

/** Only our own event store gets a demo: one that somebody named may hold real books. */
export function wantsDemo(config: Config): boolean {
  return config.demo && config.eventStoreUrl === undefined;
}

/** Opens or completes the demo ledger unless that was done before. Throws what the writers throw. */
export async function openDemo(config: Config, eventStoreUrl: string): Promise<void> {
  const note = join(config.dataFolder, NOTE);
  if (!wantsDemo(config) || readIfPresent(note) !== undefined) return;
  const [{ seedDemo }, { createLedgerWriters }, { eventStoreDb }] = await Promise.all([
    import('../demo.js'),
    import('../../commands/ledger-writer/create-ledger-writers.js'),
    import('../../event-store/eventstoredb.js'),
  ]);
  const log = createLogger('demo', 'silent');
  const store = eventStoreDb(eventStoreUrl, log);
  const writers = createLedgerWriters(store, log);
  try {
    await seedDemo(writers);
    writePrivateFile(note, 'The ledger "demo" is complete.\n');
  } finally {
    await writers.close();
    await store.close();
  }
}
