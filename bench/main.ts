// npm run bench: measures Daybook, what one would build instead and what bounds both, on this machine, and
// prints one table. Exits 1 when what was acknowledged is not what is in the books.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT_CODES, EXIT_OK, Failure } from '../src/platform/failure.js';
import { projectRoot } from '../src/platform/project-root.js';
import { type Asked, readArguments } from './arguments.js';
import { type Machine, machineLine, machineOf } from './machine.js';
import { type Measured, WARM_UP } from './measured.js';
import { problemLines, resultTable } from './result-table.js';
import { SCENARIOS } from './scenarios/catalogue.js';
import { Stage } from './stage.js';

interface Result {
  readonly measuredAt: string;
  readonly machine: Machine;
  readonly rounds: number;
  readonly seconds: number;
  readonly withProjector: boolean;
  readonly figures: readonly Measured[];
}

const say = (line: string) => process.stdout.write(`${line}\n`);
/** Beside the result, which may be read by a program. */
const note = (line: string) => process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const asked = readArguments(process.argv.slice(2), SCENARIOS);
  if (asked.isList) {
    for (const { name, question, onlyByName } of SCENARIOS) {
      say(`${name.padEnd(14)}${question}${onlyByName ? ' (only by name)' : ''}`);
    }
    return EXIT_OK;
  }
  const result = await measured(asked);
  if (asked.isKept) note(`kept as ${kept(result)}`);
  const problems = problemLines(result.figures);
  if (asked.isJson) say(JSON.stringify(result, null, 2));
  else {
    const { rounds, seconds } = asked.extent;
    const how = `Medians over ${rounds} rounds of ${seconds} s after a warm-up, the load on the same machine.`;
    const text = [machineLine(result.machine), how, '', resultTable(result.figures)];
    say([...text, ...problems].join('\n'));
  }
  return problems.length === 0 ? EXIT_OK : EXIT_CODES.findings;
}

async function measured({ scenarios, extent, withProjector }: Asked): Promise<Result> {
  const stage = await Stage.start(withProjector);
  const figures: Measured[] = [];
  const interrupted = new Promise<never>((_resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => reject(new Failure('infrastructure', 'Interrupted.')));
    }
  });
  const running = async (): Promise<Result> => {
    const machine = await machineOf(stage);
    for (const scenario of scenarios) {
      note(`${scenario.name}: ${scenario.question}`);
      await scenario.run(stage, extent, (figure) => {
        if (figure.round !== WARM_UP || figure.problems.length > 0) figures.push(figure);
        note(`  ${progressLine(figure)}`);
      });
    }
    const { rounds, seconds } = extent;
    const measuredAt = new Date().toISOString();
    return { measuredAt, machine, rounds, seconds, withProjector, figures };
  };
  try {
    return await Promise.race([running(), interrupted]);
  } finally {
    await stage.stop();
  }
}

function progressLine({ round, row, who, perSecond, problems }: Measured): string {
  const when = round === WARM_UP ? 'warm-up' : `round ${round}`;
  return [`${when}, ${row}, ${who}: ${perSecond.toFixed(0)}/s`, ...problems].join('\n    WRONG: ');
}

/** Named by its time. */
function kept(result: Result): string {
  const folder = join(projectRoot(), 'bench', 'results');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${result.measuredAt.replaceAll(':', '-')}.json`);
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
  return path;
}

async function exitCodeOf(work: Promise<number>): Promise<number> {
  try {
    return await work;
  } catch (error) {
    note(error instanceof Error ? error.message : String(error));
    return error instanceof Failure ? EXIT_CODES[error.kind] : EXIT_CODES.infrastructure;
  }
}

process.exit(await exitCodeOf(main()));
