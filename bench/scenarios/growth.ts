// What a transfer costs in a ledger with a long history, and what memory its API process has then.
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { createLogger } from '../../src/platform/logger.js';
import { createPool } from '../../src/platform/postgres.js';
import { startDaybook } from '../contenders/daybook.js';
import { measure } from '../load-scenario.js';
import { type Extent, type Measured } from '../measured.js';
import { type Scenario } from '../scenario.js';
import { type BenchStores } from '../stores.js';

const SIZES = [10_000, 100_000, 1_000_000, 5_000_000];

export const growth: Scenario = {
  name: 'growth',
  question:
    'What does a transfer cost in a ledger with so many events before? Up to --events of them.',
  onlyByName: true,
  run: async (stage, extent, tell) => {
    for (const events of SIZES.filter((size) => size <= extent.eventsMax)) {
      await stage.onOwnStores((stores) => grown(stores, events, extent, tell));
    }
  },
};

async function grown(
  stores: BenchStores,
  events: number,
  { rounds, seconds }: Extent,
  tell: (measured: Measured) => void,
): Promise<void> {
  const log = createLogger('bench', 'silent');
  const store = eventStoreDb(stores.eventStoreUrl, log);
  const { databaseUrl } = stores;
  const pool = createPool({ databaseUrl, applicationName: 'bench', logger: log, size: 1 });
  try {
    const projector = await stores.startProjector();
    const options = { name: 'daybook', processes: 1, projector, transfersBefore: events };
    const contender = await startDaybook(stores, { ...options, store, pool });
    // One long run: filling a ledger takes longer than measuring it.
    const run = { scenario: 'growth', row: rowFor(events), round: 1, seconds: rounds * seconds };
    tell(await measure(contender, run));
  } finally {
    await Promise.all([store.close(), pool.end()]);
  }
}

function rowFor(events: number) {
  return {
    name: `${events} events before`,
    work: { kind: 'transfer' },
    connections: 64,
    contenders: ['daybook'],
    ceiling: 'empty endpoint, 64 connections',
  } as const;
}
