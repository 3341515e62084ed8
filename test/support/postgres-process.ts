// Runs the embedded Postgres as `daybook up` does: its host as a process of its own, from dist.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/platform/free-port.js';
import { type FailedMessage, type ReadyMessage } from '../../src/platform/process-frame.js';

const HOST_SCRIPT = 'dist/src/embedded/postgres/main.js';

export interface PostgresProcess {
  host: ChildProcess;
  /** Connection string of the database `daybook`. */
  url: string;
  port: number;
  /** How the host ended: its exit code, or the signal. */
  ended: Promise<number | string>;
  /** Asks it to stop and returns how it ended. */
  stop(): Promise<number | string>;
}

export interface PostgresProcessOptions {
  /** Holds the cluster; made when absent. */
  folder: string;
  port?: number;
  /** Whose process it is; the test's own user by default. */
  user?: { uid: number; gid: number };
  /** The checkout whose dist is run. */
  project?: string;
}

/** Starts it and returns once it is ready. Rejects with what it wrote when it ends before. */
export async function startPostgresProcess(
  options: PostgresProcessOptions,
): Promise<PostgresProcess> {
  const port = options.port ?? (await freePort());
  const { host, ended, output } = spawnHost(options, port);
  const ready = new Promise<ReadyMessage>((resolve, reject) => {
    host.once('message', (message: ReadyMessage | FailedMessage) => {
      if (message.type === 'ready') resolve(message);
    });
    void ended.then((how) => reject(new Error(`ended with ${how}: ${output()}`)));
  });
  const { url } = await ready;
  if (url === undefined) throw new Error('The host did not say where Postgres answers.');
  const stop = (): Promise<number | string> => {
    host.kill('SIGTERM');
    return ended;
  };
  return { host, url, port, ended, stop };
}

/** A Postgres for one suite, in a folder that goes away with it. */
export async function temporaryPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-postgres-test-'));
  const running = await startPostgresProcess({ folder: join(folder, 'postgres') });
  return {
    url: running.url,
    stop: async () => {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function spawnHost(
  options: PostgresProcessOptions,
  port: number,
): { host: ChildProcess; ended: Promise<number | string>; output: () => string } {
  const script = join(options.project ?? process.cwd(), HOST_SCRIPT);
  const host = spawn(process.execPath, [script, '--data', options.folder, '--port', String(port)], {
    ...options.user,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
    cwd: '/',
  });
  let output = '';
  host.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  host.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | string>((resolve) => {
    host.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return { host, ended, output: () => output };
}
