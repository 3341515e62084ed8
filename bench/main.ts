// npm run bench -- [scenario ...] [--rounds <n>] [--seconds <n>] [--clients <n>]: measures Daybook on this
// machine and prints a table. Exits 1 when what was acknowledged is not what is in the log.
import { parseArgs } from 'node:util';
import { eventStoreDb } from '../src/event-store/eventstoredb.js';
import { EXIT_CODES, EXIT_OK, Failure } from '../src/platform/failure.js';
import { createLogger } from '../src/platform/logger.js';
import { startDaybook } from './daybook.js';
import { conclusion, loadNote, machine, runLine, table } from './report.js';
import { type Extent, runScenario } from './run-scenario.js';
import { type Scenario } from './scenario.js';
import { contention } from './scenarios/contention.js';
import { hotAccount } from './scenarios/hot-account.js';

const SCENARIOS: readonly Scenario[] = [contention, hotAccount];
const DEFAULTS = { rounds: '5', seconds: '4', clients: '256' };

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<number> {
  const { scenarios, extent } = readArguments();
  const interrupted = new Promise<never>((_resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => reject(new Failure('infrastructure', 'Interrupted.')));
    }
  });
  say(machine());
  let isRight = true;
  for (const scenario of scenarios) {
    isRight = (await bench(scenario, extent, interrupted)) && isRight;
  }
  return isRight ? EXIT_OK : EXIT_CODES.findings;
}

function readArguments(): { scenarios: readonly Scenario[]; extent: Extent } {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: DEFAULTS.rounds },
      seconds: { type: 'string', default: DEFAULTS.seconds },
      clients: { type: 'string', default: DEFAULTS.clients },
    },
  });
  const names = SCENARIOS.map(({ name }) => name);
  const [rounds = 0, seconds = 0, clients = 0] = [
    values.rounds,
    values.seconds,
    values.clients,
  ].map((text) => (/^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0));
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0 || rounds === 0 || seconds === 0 || clients === 0) {
    const options = '[--rounds <n>] [--seconds <n>] [--clients <n>]';
    throw new Failure('usage', `Usage: npm run bench -- [${names.join('|')}] ${options}`);
  }
  const isAsked = ({ name }: Scenario) => positionals.length === 0 || positionals.includes(name);
  return { scenarios: SCENARIOS.filter(isAsked), extent: { rounds, seconds, clients } };
}

/** False when the books were wrong after some run. */
async function bench(
  scenario: Scenario,
  extent: Extent,
  interrupted: Promise<never>,
): Promise<boolean> {
  say(`\n${scenario.name}: ${scenario.question}`);
  const daybook = await startDaybook(Math.max(...scenario.variants.map((v) => v.processes)));
  const store = eventStoreDb(daybook.eventStoreUrl, createLogger('bench', 'silent'));
  try {
    const running = runScenario(scenario, { daybook, store }, extent, (run) => say(runLine(run)));
    const all = await Promise.race([running, interrupted]);
    say(`\n${table(scenario, all)}\n\n${loadNote(extent)}\n${conclusion(scenario, all)}`);
    return all.every(({ problems }) => problems.length === 0);
  } finally {
    await store.close();
    await daybook.stop();
  }
}

async function exitCodeOf(work: Promise<number>): Promise<number> {
  try {
    return await work;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof Failure ? EXIT_CODES[error.kind] : EXIT_CODES.infrastructure;
  }
}

process.exit(await exitCodeOf(main()));
