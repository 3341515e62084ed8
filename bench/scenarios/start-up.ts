// What the first command to a ledger with many accounts waits for in a new API process, and its memory.
import { createLogger } from '../../src/platform/logger.js';
import { buildLedger } from '../big-ledger/build-ledger.js';
import { postTransfer } from '../big-ledger/post-transfer.js';
import { type Measured } from '../measured.js';
import { type Scenario } from '../scenario.js';
import { type BenchStores } from '../stores.js';

const SIZES = [10_000, 100_000, 1_000_000];
const TAIL = 1_000;

export const startUp: Scenario = {
  name: 'start-up',
  question:
    'How long does the first command to a ledger with many accounts take, and in what memory?',
  onlyByName: true,
  run: async (stage, { rounds }, tell) => {
    for (const accounts of SIZES) {
      await stage.onOwnStores(async (stores) => {
        const log = createLogger('bench', 'warn');
        const options = { log, say: () => undefined, onlySnapshot: true };
        await buildLedger(stores, { accounts, transfers: 0, tail: TAIL }, options);
        for (let round = 1; round <= rounds; round += 1) {
          for (const figure of await started(stores, accounts, round)) tell(figure);
        }
      });
    }
  },
};

async function started(stores: BenchStores, accounts: number, round: number): Promise<Measured[]> {
  const api = await stores.startApi();
  const startedAt = performance.now();
  await postTransfer(api.url, stores.token);
  const firstMs = performance.now() - startedAt;
  const memoryMb = api.used()?.memoryMostMb;
  await api.stop();
  const of = (what: string, ms: number): Measured => ({
    ...{ scenario: 'start-up', row: `${accounts} accounts, ${what}`, who: 'daybook', round },
    ...{ unit: 'starts', perSecond: 1_000 / ms, problems: [] },
    latencyMs: { p50: ms, p99: ms },
    ...(memoryMb !== undefined && { memoryMb }),
  });
  return [of('listening', api.startMs), of('first command', firstMs)];
}
