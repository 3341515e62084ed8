// The read models of one long history: made again, verified, and how far behind they are while it grows.
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { createLogger } from '../../src/platform/logger.js';
import { createPool } from '../../src/platform/postgres.js';
import { readBare } from '../ceilings/bare-client.js';
import { runVerb } from '../command-line.js';
import { type Extent, type Measured } from '../measured.js';
import { History } from '../read-models/history.js';
import { lags } from '../read-models/lag.js';
import { DROP, REBUILD, VERIFY, applied } from '../read-models/operations.js';
import { percentile } from '../report.js';
import { type Scenario } from '../scenario.js';
import { type BenchStores } from '../stores.js';

const SIZE = { accounts: 1_000, transfers: 20_000 };
const RATE = 500;
const VERBS = { rebuild: REBUILD, verify: VERIFY };
const CEILING = 'bare client, read';

type Tell = (measured: Measured) => void;

export const readModels: Scenario = {
  name: 'read-models',
  question: 'How fast are read models rebuilt and verified, and how far behind are live ones?',
  run: (stage, extent, tell) => stage.onOwnStores((stores) => measure(stores, extent, tell)),
};

async function measure(stores: BenchStores, { rounds, seconds }: Extent, tell: Tell) {
  const log = createLogger('bench', 'silent');
  const store = eventStoreDb(stores.eventStoreUrl, log);
  const { databaseUrl } = stores;
  const pool = createPool({ databaseUrl, applicationName: 'bench', logger: log, size: 1 });
  try {
    const history = new History(store);
    await history.write(SIZE, () => undefined);
    await stores.startProjector();
    await applied(pool, history.events);
    for (let round = 1; round <= rounds; round += 1) {
      for (const figure of await roundOf(stores, history.events, round)) tell(figure);
    }
    const behind = await lags({ history, pool }, SIZE, { rate: RATE, seconds: rounds * seconds });
    tell(lagFigure(behind));
  } finally {
    await Promise.all([pool.end(), store.close()]);
  }
}

async function roundOf(stores: BenchStores, events: number, round: number): Promise<Measured[]> {
  const of = (row: string, ms: number) => ({
    ...{ scenario: 'read-models', row, who: 'daybook', round, unit: 'events' },
    perSecond: (events * 1_000) / ms,
    problems: [],
  });
  const bare = await readBare(stores.eventStoreUrl);
  const figures: Measured[] = [{ ...of(CEILING, bare.ms), who: CEILING }];
  await runVerb(DROP, stores.settings);
  for (const [row, words] of Object.entries(VERBS)) {
    const { ms, memoryMb } = await runVerb(words, stores.settings);
    figures.push({ ...of(row, ms), memoryMb, ceiling: { name: CEILING, share: bare.ms / ms } });
  }
  return figures;
}

/** Latency is the lag: from the acknowledgement until the live read models hold it. */
function lagFigure(behind: readonly number[]): Measured {
  return {
    ...{ scenario: 'read-models', row: `lag at ${RATE} a second`, who: 'daybook', round: 1 },
    ...{ unit: 'transfers', perSecond: RATE, problems: [] },
    latencyMs: { p50: percentile(behind, 50), p99: percentile(behind, 99) },
  };
}
