// A process of Daybook's that a bench starts, watches and stops.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type FailedMessage, type ReadyMessage } from '../src/platform/process-frame.js';
import { type Used, usedBy } from './process-usage.js';

export interface BenchProcess {
  readonly pid: number;
  readonly ready: ReadyMessage;
  /** From its start until it was ready. */
  readonly startMs: number;
  /** What it has used so far; undefined where the system does not tell. */
  used(): Used | undefined;
  stop(): Promise<void>;
}

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
  const { pid = 0 } = child;
  return {
    pid,
    ready,
    startMs,
    used: () => usedBy(pid),
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
