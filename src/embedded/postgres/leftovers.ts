// Ends what a killed parent left behind: a Postgres that still serves the folder, or its workers.
// Whose process it is, is decided by where it works, never by the number in postmaster.pid alone:
// that number may by now belong to somebody else.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { readIfPresent } from '../../platform/private-file.js';

const run = promisify(execFile);
const PS_TIMEOUT_MS = 5_000;
const FAST_SHUTDOWN_TIMEOUT_MS = 20_000;
const KILL_TIMEOUT_MS = 5_000;
const POLL_MS = 20;

/**
 * Returns once no process works in the folder. Throws when one does not end even when killed.
 * @param folder absolute path without symbolic links.
 */
export async function endLeftovers(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const ended =
    (await endAll(folder, askToShutDown, FAST_SHUTDOWN_TIMEOUT_MS)) ||
    (await endAll(folder, kill, KILL_TIMEOUT_MS));
  if (!ended) {
    const left = (await processesIn(folder)).join(', ');
    throw new Error(`A Postgres of an earlier run works in ${folder} and does not end: ${left}.`);
  }
  // Nobody works here, so a number that is left names a stranger; Postgres would take it for its own.
  rmSync(join(folder, 'postmaster.pid'), { force: true });
}

type Asking = (working: number[], server: number) => void;

async function endAll(folder: string, ask: Asking, timeoutMs: number): Promise<boolean> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const working = await processesIn(folder);
  if (working.length === 0) return true;
  ask(working, Number.parseInt(readIfPresent(join(folder, 'postmaster.pid')) ?? '', 10));
  while (!deadline.aborted) {
    if ((await processesIn(folder)).length === 0) return true;
    await sleep(POLL_MS);
  }
  return false;
}

// The server ends its workers itself; where the server is gone, they are asked one by one.
function askToShutDown(working: number[], server: number): void {
  if (working.includes(server)) send(server, 'SIGINT');
  else for (const pid of working) send(pid, 'SIGTERM');
}

function kill(working: number[]): void {
  for (const pid of working) send(pid, 'SIGKILL');
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Ids of the processes that work in the folder. Postgres and its workers never leave theirs. */
async function processesIn(folder: string): Promise<number[]> {
  if (process.platform === 'linux') {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.filter((pid) => workingFolder(pid) === folder).map(Number);
  }
  if (process.platform === 'win32') return [];
  const { stdout } = await run('ps', ['-axo', 'pid=,command='], { timeout: PS_TIMEOUT_MS });
  const lines = stdout.split('\n').filter((line) => line.includes(`-D ${folder} `));
  return lines.map((line) => Number.parseInt(line, 10));
}

function workingFolder(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // It ended meanwhile, or belongs to another user and so cannot be ours.
    return undefined;
  }
}
