// Scenarios that put load on contenders: in turn, round after round, so that whatever else the machine does
// hits all of them; each run on ledgers of its own, whose books are checked afterwards.
import { type CeilingName } from './ceilings/ceiling.js';
import { problemsOf } from './contenders/books-check.js';
import { type Contender } from './contenders/contender.js';
import { usedBy } from './process-usage.js';
import { runLoad } from './load/run-load.js';
import { type Spread, type Work } from './load/task.js';
import { type Extent, type Measured, WARM_UP } from './measured.js';
import { type Scenario } from './scenario.js';
import { type ContenderName, type Stage } from './stage.js';

export interface LoadRow {
  readonly name: string;
  readonly work: Work;
  readonly connections: number;
  readonly contenders: readonly ContenderName[];
  /** What bounds it. */
  readonly ceiling: CeilingName;
  readonly isQuick?: boolean;
  /** 1,000 accounts, all as likely, when absent. */
  readonly spread?: Spread;
  /** Of each contender that take requests; one when absent. */
  readonly processes?: number;
  /** That the connections are spread over; one when absent. */
  readonly ledgers?: number;
  /** Accounts may go this far below zero, and transfers beyond it are refused; absent: all are posted. */
  readonly overdraftLimit?: string;
}

const CEILING_SHARE = 0.5;
const SPREAD: Spread = { accounts: 1_000, choice: 'uniform' };

/** Of one run. */
interface Run {
  readonly scenario: string;
  readonly row: LoadRow;
  readonly round: number;
  readonly seconds: number;
}

export function loadScenario(
  about: Pick<Scenario, 'name' | 'question' | 'isQuick' | 'onlyByName'>,
  rows: readonly LoadRow[],
): Scenario {
  return {
    ...about,
    run: async (stage, extent, tell) => {
      const asked = rows.filter(({ isQuick }) => !extent.isQuick || isQuick);
      for (let round = WARM_UP; round <= extent.rounds; round += 1) {
        for (const row of asked) {
          const place = { scenario: about.name, round };
          for await (const figure of roundOf(stage, row, extent, place)) tell(figure);
        }
      }
    },
  };
}

async function* roundOf(
  stage: Stage,
  row: LoadRow,
  extent: Extent,
  { scenario, round }: { scenario: string; round: number },
): AsyncIterable<Measured> {
  const { seconds } = extent;
  const ceiling = await stage.ceiling(row.ceiling, seconds * CEILING_SHARE);
  const place = { scenario, row: row.name, round };
  yield { ...place, who: row.ceiling, unit: 'operations', ...ceiling, problems: [] };
  for (const name of row.contenders.filter((each) => extent.contenders.includes(each))) {
    const contender = await stage.contender(name, row.processes);
    const measured = await measure(contender, { scenario, row, round, seconds });
    const share = measured.perSecond / ceiling.perSecond;
    // The others are bound by other things.
    yield name === 'daybook' ? { ...measured, ceiling: { name: row.ceiling, share } } : measured;
  }
}

/** Opens its books, puts the load on it, waits until all is done, and reads the books. */
export async function measure(contender: Contender, run: Run): Promise<Measured> {
  const { scenario, row, round, seconds } = run;
  const { work, connections, spread = SPREAD, overdraftLimit = null } = row;
  const books = { ledgers: ledgersOf(run, contender), spread, overdraftLimit };
  await contender.open(books);
  const before = await contender.bytes();
  const { urls, token, processes } = contender;
  const mayRefuse = overdraftLimit !== null;
  const task = {
    urls,
    token,
    ledgers: books.ledgers,
    work,
    spread,
    connections,
    seconds,
    mayRefuse,
  };
  const { result, cores, endedAt } = await runLoad(task, processes);
  await contender.settled(books.ledgers);
  const behindMs = performance.now() - endedAt;
  const after = await contender.bytes();
  const transfers = result.acknowledged.length;
  return {
    ...{ scenario, row: row.name, who: contender.name, round, unit: 'transfers' },
    perSecond: transfers / result.seconds,
    latencyMs: result.latencyMs,
    cores,
    bytes: {
      log: (after.log - before.log) / transfers,
      postgres: (after.postgres - before.postgres) / transfers,
    },
    ...(processes['projector'] !== undefined && { behindMs }),
    ...memoryOf(processes['api']),
    refused: result.refused,
    problems: await problemsOf(contender, books, result),
  };
}

/** Of the process that takes requests, the first one where there are several. */
function memoryOf(pid: number | undefined): { memoryMb?: number } {
  const memoryMb = pid === undefined ? undefined : usedBy(pid)?.memoryMostMb;
  return memoryMb === undefined ? {} : { memoryMb };
}

/** New ones for each run; names as ledgers may have them. */
function ledgersOf({ scenario, row, round }: Run, { name }: Contender): string[] {
  const words = `${scenario} ${row.name} ${round} ${name}`.replace(/[^a-z0-9]+/gi, '-');
  const length = row.ledgers ?? 1;
  return Array.from({ length }, (_, n) => `${words.toLowerCase()}-${n}`);
}
