// What a bench came to, as text: the machine, and a table of medians.
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { type Extent, type Measured, WARM_UP_ROUND } from './run-scenario.js';
import { type Scenario } from './scenario.js';

const GIGABYTE = 1e9;

/** What the figures depend on. Names nobody's machine. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  const memory = Math.round(totalmem() / GIGABYTE);
  return (
    `${availableParallelism()} cores (${model}), ${memory} GB, ${platform()} ${arch()}, ` +
    `Node ${process.versions.node}`
  );
}

export function runLine({ variant, round, transfersPerSecond, load, problems }: Measured): string {
  const which = round === WARM_UP_ROUND ? 'warm-up' : `round ${round}`;
  const { p50, p99 } = load.latencyMs;
  const figures = `${whole(transfersPerSecond)}/s, p50 ${whole(p50)} ms, p99 ${whole(p99)} ms`;
  return [`${which}, ${variant}: ${figures}`, ...problems.map((text) => `  WRONG: ${text}`)].join(
    '\n',
  );
}

export function table(scenario: Scenario, all: readonly Measured[]): string {
  const [first] = scenario.variants;
  const rows = scenario.variants.map(({ name }) => {
    const runs = all.filter(({ variant, round }) => variant === name && round !== WARM_UP_ROUND);
    const rates = runs.map(({ transfersPerSecond }) => transfersPerSecond);
    const ratio = name === first?.name ? '' : ratioTo(all, name, first?.name).toFixed(2);
    return [
      name,
      `${whole(median(rates))} (${whole(Math.min(...rates))} to ${whole(Math.max(...rates))})`,
      ratio,
      whole(median(runs.map(({ load }) => load.latencyMs.p50))),
      whole(median(runs.map(({ load }) => load.latencyMs.p99))),
      String(runs.reduce((sum, { load }) => sum + failed(load), 0)),
      median(runs.map(({ load }) => load.cores)).toFixed(2),
    ];
  });
  const head = ['', 'transfers/s', 'ratio', 'p50 ms', 'p99 ms', 'failed', 'cores of the load'];
  return aligned([head, head.map(() => '-'), ...rows]);
}

export function conclusion({ variants, target }: Scenario, all: readonly Measured[]): string {
  const ratio = ratioTo(all, target.variant, variants[0]?.name);
  const met = ratio >= target.ratioMin ? 'met' : 'MISSED';
  return `${target.variant}: ${ratio.toFixed(2)} of the first, at least ${target.ratioMin} hoped for: ${met}.`;
}

export function loadNote({ rounds, seconds, clients }: Extent): string {
  return (
    `${clients} clients in one process, on the same machine and so at the expense of what is measured; ` +
    `${seconds} s each, medians over ${rounds} rounds after a warm-up; the ratio is the median of the ` +
    'ratios within each round.'
  );
}

/** Within each round, so that what slows a whole round down does not count. */
function ratioTo(all: readonly Measured[], name: string, first: string | undefined): number {
  const rateOf = (variant: string | undefined, round: number) =>
    all.find((run) => run.variant === variant && run.round === round)?.transfersPerSecond ?? NaN;
  const rounds = new Set(all.map(({ round }) => round));
  rounds.delete(WARM_UP_ROUND);
  return median([...rounds].map((round) => rateOf(name, round) / rateOf(first, round)));
}

function failed({ failures }: Measured['load']): number {
  return Object.values(failures).reduce((sum, count) => sum + count, 0);
}

/** Of the values in between for an even number of them. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}

/** The value that so many of a hundred are not above. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? NaN;
}

function whole(value: number): string {
  return value.toFixed(0);
}

/** A Markdown table; the row of dashes fills its columns. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const cell = (text: string, column: number) =>
    text === '-' ? '-'.repeat(width(column)) : text.padEnd(width(column));
  return rows.map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}
