// The one table that the bench prints: medians over the rounds, and what was wrong.
import { type Measured } from './measured.js';
import { aligned, median } from './report.js';

const HEAD = [
  ...['scenario', 'row', 'who', 'per second', 'p50 ms', 'p99 ms', 'of its ceiling', 'of sql'],
  ...['CPU us each', 'cores', 'bytes log + Postgres', 'behind ms', 'MB'],
];
const RIVAL = 'sql';
const LOAD = 'load';

export function resultTable(all: readonly Measured[]): string {
  const groups = new Map<string, Measured[]>();
  for (const figure of all) {
    const key = [figure.scenario, figure.row, figure.who].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), figure]);
  }
  const rows = [...groups.values()].map((runs) => rowOf(runs, all));
  return aligned([HEAD, HEAD.map(() => '-'), ...rows]);
}

function rowOf(runs: readonly Measured[], all: readonly Measured[]): string[] {
  const [first] = runs;
  if (first === undefined) return [];
  const rates = runs.map(({ perSecond }) => perSecond);
  const spread = `${whole(Math.min(...rates))} to ${whole(Math.max(...rates))}`;
  return [
    first.scenario,
    first.row,
    first.who,
    `${whole(median(rates))} ${rates.length > 1 ? `(${spread})` : ''}`.trim(),
    medianOf(runs, ({ latencyMs }) => latencyMs?.p50, 1),
    medianOf(runs, ({ latencyMs }) => latencyMs?.p99, 1),
    medianOf(runs, ({ ceiling }) => ceiling?.share, 2),
    ratioToRival(runs, all),
    medianOf(runs, cpuEachUs, 0),
    coresText(runs),
    bytesText(runs),
    medianOf(runs, ({ behindMs }) => behindMs, 0),
    medianOf(runs, ({ memoryMb }) => memoryMb, 0),
  ];
}

export function problemLines(all: readonly Measured[]): string[] {
  return all.flatMap(({ scenario, row, who, round, problems }) =>
    problems.map((text) => `WRONG: ${scenario}, ${row}, ${who}, round ${round}: ${text}`),
  );
}

/** Within each round, so that what slows a whole round down does not count. */
function ratioToRival(runs: readonly Measured[], all: readonly Measured[]): string {
  const rivals = runs.flatMap(({ scenario, row, who, round, unit, perSecond }) =>
    all
      .filter((other) => who !== RIVAL && unit === other.unit && other.who === RIVAL)
      .filter((other) => other.scenario === scenario && other.row === row && other.round === round)
      .map((other) => perSecond / other.perSecond),
  );
  return rivals.length === 0 ? '' : median(rivals).toFixed(2);
}

/** Of all processes but the load: hardly depends on what else the machine does. */
function cpuEachUs({ cores, perSecond }: Measured): number | undefined {
  if (cores === undefined) return undefined;
  const others = Object.entries(cores).filter(([name]) => name !== LOAD);
  return (others.reduce((sum, [, each]) => sum + each, 0) / perSecond) * 1e6;
}

function coresText(runs: readonly Measured[]): string {
  const names = Object.keys(runs[0]?.cores ?? {});
  const parts = names.map((name) => {
    const cores = median(runs.map(({ cores: each }) => each?.[name] ?? NaN));
    return `${name} ${cores.toFixed(2)}`;
  });
  return parts.join(', ');
}

function bytesText(runs: readonly Measured[]): string {
  const log = medianOf(runs, ({ bytes }) => bytes?.log, 0);
  const postgres = medianOf(runs, ({ bytes }) => bytes?.postgres, 0);
  return log === '' ? '' : `${log} + ${postgres}`;
}

/** Nothing where it was not measured. */
function medianOf(
  runs: readonly Measured[],
  figure: (run: Measured) => number | undefined,
  decimals: number,
): string {
  const figures = runs.flatMap((run) => figure(run) ?? []);
  return figures.length === 0 ? '' : median(figures).toFixed(decimals);
}

function whole(value: number): string {
  return value.toFixed(0);
}
