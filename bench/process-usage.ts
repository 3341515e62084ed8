// What processes have used: CPU, that of their children included, for a Postgres is a process for each
// connection; and memory.
import { readFileSync, readdirSync } from 'node:fs';

/** What Linux counts the time of processes in. */
const CLOCK_TICK_MS = 10;
const KILOBYTES_PER_MEGABYTE = 1_000;
/** In /proc/<pid>/stat, behind the name in parentheses. */
const PARENT_FIELD = 1;
const TIME_FIELDS = { from: 11, to: 15 };

interface Seen {
  readonly parent: number;
  readonly cpuMs: number;
}

/** Reads what each of these processes has used so far, in ms; NaN where the system does not tell. */
export function cpuTimesOf(roots: Readonly<Record<string, number>>): Record<string, number> {
  const seen = process.platform === 'linux' ? seenNow() : new Map<number, Seen>();
  const within = (pid: number): number => {
    const children = [...seen].filter(([, { parent }]) => parent === pid).map(([child]) => child);
    const own = seen.get(pid)?.cpuMs ?? NaN;
    return children.reduce((sum, child) => sum + within(child), own);
  };
  return Object.fromEntries(Object.entries(roots).map(([name, pid]) => [name, within(pid)]));
}

/** Resident at most; undefined where the system does not tell. */
export function peakMemoryMb(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) / KILOBYTES_PER_MEGABYTE;
}

function seenNow(): Map<number, Seen> {
  const seen = new Map<number, Seen>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      // In user and in system mode, and the same of children that have ended.
      const ticks = fields.slice(TIME_FIELDS.from, TIME_FIELDS.to).reduce((sum, n) => sum + n, 0);
      const parent = fields[PARENT_FIELD] ?? 0;
      seen.set(Number(name), { parent, cpuMs: ticks * CLOCK_TICK_MS });
    } catch {
      // A process that has just ended.
    }
  }
  return seen;
}
