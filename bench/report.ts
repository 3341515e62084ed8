// What a bench came to, as text: the machine, and a table of medians.
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';

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

/** Of the values in between for an even number of them. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}

/** The value that so many of a hundred are not above. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? NaN;
}

/** A Markdown table; the row of dashes fills its columns. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const cell = (text: string, column: number) =>
    text === '-' ? '-'.repeat(width(column)) : text.padEnd(width(column));
  return rows.map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}
