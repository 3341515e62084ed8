// A Daybook for one bench: embedded stores and API processes of its own, on a folder that goes away
// with them. Without a projector: what is measured is the write side.
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import jsonwebtoken from 'jsonwebtoken';
import { freePort } from '../src/platform/free-port.js';
import { migrate } from '../src/platform/migrations.js';
import { type FailedMessage, type ReadyMessage } from '../src/platform/process-frame.js';

export interface BenchDaybook {
  readonly eventStoreUrl: string;
  readonly apiUrls: readonly string[];
  /** An administrator's. */
  readonly token: string;
  /** Ends every process and removes the folder. */
  stop(): Promise<void>;
}

const SECRET_BYTES = 32;

/** @param processes how many API processes. Throws with the reason of the one that does not start. */
export async function startDaybook(processes: number): Promise<BenchDaybook> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
  const children: ChildProcess[] = [];
  const start = (script: string, words: string[], settings: NodeJS.ProcessEnv = {}) => {
    const child = launch(script, words, settings);
    children.push(child);
    return readiness(child);
  };
  const stop = async () => {
    // In reverse: those that use a store end before it.
    for (const child of children.toReversed()) await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const data = (name: string) => ['--data', join(folder, name)];
  try {
    const port = String(await freePort());
    const [node, postgres] = await Promise.all([
      start('../src/embedded/event-node/main.js', data('eventstore')),
      start('../src/embedded/postgres/main.js', [...data('postgres'), '--port', port]),
    ]);
    const databaseUrl = postgres.url ?? '';
    await migrate({ databaseUrl });
    const secret = randomBytes(SECRET_BYTES).toString('hex');
    const settings = {
      EVENTSTORE_URL: `esdb://127.0.0.1:${node.port}?tls=false`,
      DATABASE_URL: databaseUrl,
      DAYBOOK_DATA: folder,
      PORT: '0',
      JWT_SECRET: secret,
      LOG_LEVEL: 'warn',
    };
    const apis = await Promise.all(
      Array.from({ length: processes }, () => start('../src/cli/main.js', ['api'], settings)),
    );
    return {
      eventStoreUrl: settings.EVENTSTORE_URL,
      apiUrls: apis.map((api) => `http://127.0.0.1:${api.port}`),
      token: jsonwebtoken.sign({ sub: 'bench', role: 'admin', ledgers: ['*'] }, secret),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Each is a process group of its own, so that Ctrl-C reaches the bench alone, which stops them in order. */
function launch(script: string, words: string[], settings: NodeJS.ProcessEnv): ChildProcess {
  const env = { ...process.env, ...settings };
  const stdio = ['ignore', 'ignore', 'ignore', 'ipc'] as const;
  const path = fileURLToPath(new URL(script, import.meta.url));
  return fork(path, words, { env, stdio: [...stdio], detached: true });
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
