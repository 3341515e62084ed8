// The processes of one bench, on a folder that goes away with them: both stores, and API processes that
// come and go.
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import jsonwebtoken from 'jsonwebtoken';
import { freePort } from '../../src/platform/free-port.js';
import { migrate } from '../../src/platform/migrations.js';
import { type FailedMessage, type ReadyMessage } from '../../src/platform/process-frame.js';

const SECRET_BYTES = 32;

export interface Used {
  /** Resident, now and at most. */
  readonly memoryMb: number;
  readonly memoryMostMb: number;
  readonly cpuMs: number;
}

export interface ApiProcess {
  readonly url: string;
  /** From its start until it listened. */
  readonly startMs: number;
  /** What it has used so far; undefined where the system does not tell. */
  used(): Used | undefined;
  stop(): Promise<void>;
}

export interface Stores {
  readonly eventStoreUrl: string;
  readonly databaseUrl: string;
  /** An administrator's. */
  readonly token: string;
  startApi(): Promise<ApiProcess>;
  /** Ends every process and removes the folder. */
  remove(): Promise<void>;
}

export async function startStores(): Promise<Stores> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
  const children: ChildProcess[] = [];
  const launch = (script: string, words: string[], settings: NodeJS.ProcessEnv = {}) => {
    const path = fileURLToPath(new URL(`../../src/${script}`, import.meta.url));
    // A process group of its own each: Ctrl-C reaches the bench alone, which stops them in order.
    const child = fork(path, words, {
      env: { ...process.env, ...settings },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      detached: true,
    });
    children.push(child);
    return child;
  };
  const data = (name: string) => ['--data', join(folder, name)];
  const port = String(await freePort());
  const [node, postgres] = await Promise.all([
    readiness(launch('embedded/event-node/main.js', data('eventstore'))),
    readiness(launch('embedded/postgres/main.js', [...data('postgres'), '--port', port])),
  ]);
  const databaseUrl = postgres.url ?? '';
  await migrate({ databaseUrl });
  const secret = randomBytes(SECRET_BYTES).toString('hex');
  const eventStoreUrl = `esdb://127.0.0.1:${node.port}?tls=false`;
  const settings = {
    ...{ EVENTSTORE_URL: eventStoreUrl, DATABASE_URL: databaseUrl, DAYBOOK_DATA: folder },
    ...{ PORT: '0', JWT_SECRET: secret, LOG_LEVEL: 'warn' },
  };
  return {
    eventStoreUrl,
    databaseUrl,
    token: jsonwebtoken.sign({ sub: 'bench', role: 'admin', ledgers: ['*'] }, secret),
    startApi: async () => {
      const startedAt = performance.now();
      const child = launch('cli/main.js', ['api'], settings);
      const api = await readiness(child);
      return {
        url: `http://127.0.0.1:${api.port}`,
        startMs: performance.now() - startedAt,
        used: () => usedBy(child),
        stop: () => ended(child),
      };
    },
    remove: async () => {
      for (const child of children.toReversed()) await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
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
  // After the name in parentheses: the 12th and 13th fields, in hundredths of a second.
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  const cpuMs = ((user ?? 0) + (system ?? 0)) * 10;
  return { memoryMb: megabytes('VmRSS'), memoryMostMb: megabytes('VmHWM'), cpuMs };
}
