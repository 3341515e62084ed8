// What processes have used: CPU, that of their children included, for a Postgres is a process for each
// connection; and memory.
import { readFileSync, readdirSync } from 'node:fs';

/** What Linux counts the time of processes in. */
const CLOCK_TICK_MS = 10;
const KILOBYTES_PER_MEGABYTE = 1_000;
/** In /proc/<pid>/stat, behind the name in parentheses. */
const PARENT_FIELD = 1;
/** In user and in system mode, and the same of children that have ended. */
const TIME_FIELDS = { from: 11, toOwn: 13, to: 15 };

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

export interface Used {
  /** Resident, now and at most. */
  readonly memoryMb: number;
  readonly memoryMostMb: number;
  /** Of what is resident, what is no page of a file: those the system takes back when it needs them. */
  readonly ownMemoryMb: number;
  readonly cpuMs: number;
}

/** Of the process alone; undefined where the system does not tell, and of one that has ended. */
export function usedBy(pid: number): Used | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // A process that has just ended has no memory any more.
    if (!status.includes('VmHWM:')) return undefined;
    const megabytes = (field: string) =>
      Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / KILOBYTES_PER_MEGABYTE;
    return {
      memoryMb: megabytes('VmRSS'),
      memoryMostMb: megabytes('VmHWM'),
      ownMemoryMb: megabytes('RssAnon'),
      cpuMs: cpuMsIn(fieldsOf(stat).slice(TIME_FIELDS.from, TIME_FIELDS.toOwn)),
    };
  } catch {
    return undefined;
  }
}

function fieldsOf(stat: string): number[] {
  return stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
}

function cpuMsIn(times: readonly number[]): number {
  return times.reduce((sum, ticks) => sum + ticks, 0) * CLOCK_TICK_MS;
}

function seenNow(): Map<number, Seen> {
  const seen = new Map<number, Seen>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = fieldsOf(stat);
      const parent = fields[PARENT_FIELD] ?? 0;
      const cpuMs = cpuMsIn(fields.slice(TIME_FIELDS.from, TIME_FIELDS.to));
      seen.set(Number(name), { parent, cpuMs });
    } catch {
      // A process that has just ended.
    }
  }
  return seen;
}
