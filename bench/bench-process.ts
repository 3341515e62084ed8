// A process of Daybook's that a bench starts, watches and stops.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type FailedMessage, type ReadyMessage } from '../src/platform/process-frame.js';

export interface BenchProcess {
  readonly pid: number;
  readonly ready: ReadyMessage;
  /** From its start until it was ready. */
  readonly startMs: number;
  /** What it has used so far; undefined where the system does not tell. */
  used(): Used | undefined;
  stop(): Promise<void>;
}

export interface Used {
  /** Resident, now and at most. */
  readonly memoryMb: number;
  readonly memoryMostMb: number;
  /** Of what is resident, what is no page of a file: those the system takes back when it needs them. */
  readonly ownMemoryMb: number;
  readonly cpuMs: number;
}

/** What Linux counts the time of processes in. */
const CLOCK_TICK_MS = 10;

/** `script` is a file below src. Rejects with the reason when it does not start. */
export async function startProcess(
  script: string,
  words: readonly string[],
  settings: NodeJS.ProcessEnv,
): Promise<BenchProcess> {
  const startedAt = performance.now();
  const path = fileURLToPath(new URL(`../src/${script}`, import.meta.url));
  // A process group of its own, so that Ctrl-C reaches the bench alone, which stops them in order.
  const child = fork(path, words, {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    detached: true,
  });
  const ready = await readiness(child);
  const startMs = performance.now() - startedAt;
  return {
    pid: child.pid ?? 0,
    ready,
    startMs,
    used: () => usedBy(child),
    stop: () => ended(child),
  };
}

function readiness(child: ChildProcess): Promise<ReadyMessage> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: ReadyMessage | FailedMessage) => {
      if (message.type === 'ready') resolve(message);
      else reject(new Error(message.message));
    });
    child.once('exit', (code) => reject(new Error(`a process ended with ${code} while starting`)));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

function usedBy({ pid }: ChildProcess): Used | undefined {
  if (process.platform !== 'linux') return undefined;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (field: string) =>
    Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_000;
  // Behind the name in parentheses, the 12th and the 13th field: in user and in system mode.
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user = NaN, system = NaN] = fields.split(' ').slice(11, 13).map(Number);
  return {
    memoryMb: megabytes('VmRSS'),
    memoryMostMb: megabytes('VmHWM'),
    ownMemoryMb: megabytes('RssAnon'),
    cpuMs: (user + system) * CLOCK_TICK_MS,
  };
}
