// Runs a scenario: its variants in turn, round after round, so that whatever else the machine does hits
// all of them; each run on a ledger of its own. The first round only warms up.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type EventStore } from '../src/event-store/event-store.js';
import { ADDRESSES, HOT_ADDRESS, openBooks, problemsOf } from './books.js';
import { type BenchDaybook } from './daybook.js';
import { type LoadResult, type LoadTask } from './load/task.js';
import { type Scenario, type Variant } from './scenario.js';

export interface Extent {
  readonly rounds: number;
  /** Of load, for each run. */
  readonly seconds: number;
  readonly clients: number;
}

/** One variant in one round. */
export interface Measured {
  readonly variant: string;
  readonly round: number;
  readonly transfersPerSecond: number;
  readonly load: LoadResult;
  /** Empty when the books are right. */
  readonly problems: readonly string[];
}

export const WARM_UP_ROUND = 0;

/** All runs, those of the warm-up too. @param say told of each. */
export async function runScenario(
  scenario: Scenario,
  { daybook, store }: { daybook: BenchDaybook; store: EventStore },
  extent: Extent,
  say: (measured: Measured) => void,
): Promise<Measured[]> {
  const all: Measured[] = [];
  for (let round = WARM_UP_ROUND; round <= extent.rounds; round += 1) {
    for (const [index, variant] of scenario.variants.entries()) {
      const ledger = `${scenario.name}-${round}-${index}`;
      const apiUrls = urlsFor(variant, round, daybook.apiUrls);
      const { token } = daybook;
      await openBooks({ apiUrl: apiUrls[0] ?? '', token }, ledger);
      const load = await loaded({
        apiUrls,
        token,
        ledger,
        addresses: ADDRESSES,
        hotAddress: variant.accounts === 'hot' ? HOT_ADDRESS : undefined,
        clients: extent.clients,
        seconds: extent.seconds,
      });
      const problems = await problemsOf(store, ledger, load);
      const transfersPerSecond = load.acknowledged.length / load.seconds;
      const measured = { variant: variant.name, round, transfersPerSecond, load, problems };
      say(measured);
      all.push(measured);
    }
  }
  return all;
}

/** Other processes in each round: none is warmer, or has more behind it, than the others. */
function urlsFor({ processes }: Variant, round: number, urls: readonly string[]): string[] {
  return Array.from({ length: processes }, (_, n) => urls[(round + n) % urls.length] ?? '');
}

function loaded(task: LoadTask): Promise<LoadResult> {
  const child = fork(fileURLToPath(new URL('./load/main.js', import.meta.url)));
  return new Promise((resolve, reject) => {
    child.once('message', (result: LoadResult) => resolve(result));
    child.once('exit', (code) => reject(new Error(`the load ended with ${code}`)));
    child.send(task);
  });
}
