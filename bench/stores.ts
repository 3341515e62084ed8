// Embedded stores for one bench, and processes of Daybook on them, in a folder that goes away with them.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jsonwebtoken from 'jsonwebtoken';
import { freePort } from '../src/platform/free-port.js';
import { migrate } from '../src/platform/migrations.js';
import { type BenchProcess, startProcess } from './bench-process.js';

export interface ApiProcess extends BenchProcess {
  readonly url: string;
}

export interface BenchStores {
  /** Where everything lives that is started here. */
  readonly folder: string;
  readonly eventNode: BenchProcess;
  readonly postgres: BenchProcess;
  readonly eventStoreUrl: string;
  readonly databaseUrl: string;
  /** An administrator's. */
  readonly token: string;
  /** What Daybook's own processes are told in their environment. */
  readonly settings: Readonly<Record<string, string>>;
  /** Throws with the reason of one that does not start, as does the next. */
  startApi(): Promise<ApiProcess>;
  startProjector(): Promise<BenchProcess>;
  /** A process of the bench's own: `script` is a file below bench. */
  startOwn(script: string, settings: NodeJS.ProcessEnv): Promise<ApiProcess>;
  /** Ends every process and removes the folder. */
  remove(): Promise<void>;
}

const SECRET_BYTES = 32;

export async function startStores(): Promise<BenchStores> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
  const processes: BenchProcess[] = [];
  const start = async (script: string, words: string[], settings: NodeJS.ProcessEnv = {}) => {
    const started = await startProcess(script, words, settings);
    processes.push(started);
    return started;
  };
  const remove = async () => {
    // In reverse: those that use a store end before it.
    for (const each of processes.toReversed()) await each.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const data = (name: string) => ['--data', join(folder, name)];
  try {
    const port = String(await freePort());
    const node = await start('embedded/event-node/main.js', data('eventstore'));
    const on = [...data('postgres'), '--port', port];
    const postgres = await start('embedded/postgres/main.js', on);
    const databaseUrl = postgres.ready.url ?? '';
    await migrate({ databaseUrl });
    const secret = randomBytes(SECRET_BYTES).toString('hex');
    const settings = {
      EVENTSTORE_URL: `esdb://127.0.0.1:${node.ready.port}?tls=false`,
      DATABASE_URL: databaseUrl,
      DAYBOOK_DATA: folder,
      PORT: '0',
      JWT_SECRET: secret,
      LOG_LEVEL: 'warn',
    };
    const listening = (api: BenchProcess): ApiProcess => ({
      ...api,
      url: `http://127.0.0.1:${api.ready.port}`,
    });
    return {
      folder,
      eventNode: node,
      postgres,
      eventStoreUrl: settings.EVENTSTORE_URL,
      databaseUrl,
      settings,
      token: jsonwebtoken.sign({ sub: 'bench', role: 'admin', ledgers: ['*'] }, secret),
      startApi: async () => listening(await start('cli/main.js', ['api'], settings)),
      startProjector: () => start('cli/main.js', ['projector'], settings),
      startOwn: async (script, own) =>
        listening(await start(`../bench/${script}`, [], { ...settings, ...own })),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
