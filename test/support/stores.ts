// The real stores, embedded, in a folder of their own that is gone afterwards.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEventNode } from '../../src/embedded/event-node/start.js';
import { startPostgres } from '../../src/embedded/postgres/start.js';
import { freePort } from '../../src/platform/free-port.js';
import { migrate } from '../../src/platform/migrations.js';

export interface TestEventStore {
  readonly url: string;
  /** Where the log lies. */
  readonly folder: string;
  /** Ends the node; the log stays until `remove`. */
  stop(): Promise<void>;
  /** On the same port and log. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

export async function startTestEventStore(): Promise<TestEventStore> {
  const dataDir = mkdtempSync(join(tmpdir(), 'daybook-events-'));
  let node = await startEventNode({ dataDir });
  const { url, port } = node;
  let running = true;
  const stop = async () => {
    if (running) await node.stop();
    running = false;
  };
  return {
    url,
    folder: dataDir,
    stop,
    restart: async () => {
      node = await startEventNode({ dataDir, port });
      running = true;
    },
    remove: async () => {
      await stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}

export interface TestPostgres {
  readonly url: string;
  stop(): Promise<void>;
  /** On the same port and data. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

/** Migrated. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-postgres-'));
  const port = await freePort();
  let server = await startPostgres(folder, port);
  const { url } = server;
  await migrate({ databaseUrl: url });
  let running = true;
  const stop = async () => {
    if (running) await server.stop();
    running = false;
  };
  return {
    url,
    stop,
    restart: async () => {
      server = await startPostgres(folder, port);
      running = true;
    },
    remove: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
