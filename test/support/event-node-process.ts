// The event node as a process of its own, from the built entry, to be killed.
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type FailedMessage, type ReadyMessage } from '../../src/platform/process-frame.js';

const MAIN = join(process.cwd(), 'dist', 'src', 'embedded', 'event-node', 'main.js');

export interface NodeProcess {
  readonly child: ChildProcess;
  readonly port: number;
  /** Sends a signal; resolves when the process has gone. */
  end(signal: NodeJS.Signals): Promise<ExitStatus>;
  readonly exited: Promise<ExitStatus>;
}

/** The exit code, or the signal that ended the process. */
export type ExitStatus = number | NodeJS.Signals;

/** Starts a node with an IPC channel; rejects with the reason it gives if it does not get ready. */
export async function forkEventNode(dataDir: string): Promise<NodeProcess> {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: run npm run build first`);
  const child = fork(MAIN, ['--data', dataDir], { silent: true });
  const exited = exitOf(child);
  const printed = collect(child);
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message: ReadyMessage | FailedMessage) => {
      if (message.type === 'ready') resolve(message.port ?? 0);
      else reject(new Error(message.message));
    });
    void exited.then(() => reject(new Error(printed())));
  });
  return { child, port, exited, end: (signal) => end(child, signal, exited) };
}

/** Starts a node and lets go of it before it is ready, as a killed supervisor does; how it ends. */
export function abandonEventNode(dataDir: string): Promise<ExitStatus> {
  const child = fork(MAIN, ['--data', dataDir], { silent: true });
  child.disconnect();
  return exitOf(child);
}

/** Starts a node whose files may not grow beyond a limit: a disk that is full for it alone. */
export async function spawnLimitedEventNode(
  dataDir: string,
  fileKilobytesMax: number,
): Promise<NodeProcess> {
  const command = 'ulimit -f "$0"; exec "$1" "$2" --data "$3"';
  const args = ['-c', command, String(fileKilobytesMax), process.execPath, MAIN, dataDir];
  const child = spawn('bash', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = exitOf(child);
  const printed = collect(child);
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.on('data', () => {
      const ready = /:(\d+)\?tls=false/.exec(printed());
      if (ready) resolve(Number(ready[1]));
    });
    void exited.then(() => reject(new Error(printed())));
  });
  return { child, port, exited, end: (signal) => end(child, signal, exited) };
}

function exitOf(child: ChildProcess): Promise<ExitStatus> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? code ?? NaN));
  });
}

async function end(
  child: ChildProcess,
  signal: NodeJS.Signals,
  exited: Promise<ExitStatus>,
): Promise<ExitStatus> {
  child.kill(signal);
  return exited;
}

function collect(child: ChildProcess): () => string {
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text: Buffer) => (printed += text.toString()));
  }
  return () => printed;
}
