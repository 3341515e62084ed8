// Tells whether a process noted earlier is still the same one. A process id alone cannot: ids are
// reused, in containers at once. The id with the moment the process began can.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface ProcessIdentity {
  pid: number;
  /** When it began, in whatever form the system tells it; only ever compared for equality. */
  began: string;
}

const PS_TIMEOUT_MS = 5_000;
/** Field 22 of /proc/<pid>/stat, counted after the name, which may itself hold spaces. */
const BEGAN_FIELD = 19;

/** The identity of a running process, or undefined when there is none with this id. */
export function identify(pid: number): ProcessIdentity | undefined {
  const began = process.platform === 'linux' ? beganOnLinux(pid) : beganElsewhere(pid);
  return began === undefined ? undefined : { pid, began };
}

/** True while the very process that was noted still runs. */
export function stillRuns(noted: ProcessIdentity): boolean {
  return identify(noted.pid)?.began === noted.began;
}

function beganOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; only its parent has not noticed yet.
    return fields[0] === 'Z' ? undefined : fields[BEGAN_FIELD];
  } catch {
    return undefined;
  }
}

function beganElsewhere(pid: number): string | undefined {
  try {
    const options = { encoding: 'utf8', timeout: PS_TIMEOUT_MS } as const;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], options).trim() || undefined;
  } catch {
    return undefined;
  }
}
