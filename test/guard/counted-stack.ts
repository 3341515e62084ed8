// The stores, with a proxy in front of each that counts, and the API on them, in this process.
import { type AddressInfo } from 'node:net';
import { pino } from 'pino';
import { type Pool } from 'pg';
import {
  AppModule,
  type Backends,
  KNOWN_ERRORS,
  backendsFor,
  closeBackends,
} from '../../src/app.module.js';
import { createHttpApplication } from '../../src/platform/http/server.js';
import { createPool } from '../../src/platform/postgres.js';
import { type Client, clientFor } from '../support/api.js';
import { startTestEventStore, startTestPostgres } from '../support/stores.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { TEST_SECRET } from '../support/tokens.js';
import {
  type EventStoreTraffic,
  type PostgresTraffic,
  eventStoreTraffic,
  postgresTraffic,
} from './overheard.js';

const log = pino({ level: 'silent' });
const PROJECTING = 'daybook-guard';

export interface CountedStack {
  readonly ask: Client;
  readonly backends: Backends;
  /** Of the API. */
  readonly events: EventStoreTraffic;
  readonly queries: PostgresTraffic;
  /** For filling read models, and what is asked over it. */
  readonly pool: Pool;
  readonly projecting: PostgresTraffic;
  stop(): Promise<void>;
}

export async function startCountedStack(): Promise<CountedStack> {
  const [node, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
  const events = eventStoreTraffic();
  const queries = postgresTraffic('daybook-api');
  const projecting = postgresTraffic(PROJECTING);
  const eventProxy = await startTcpProxy(portOf(node.url), events.overhearing);
  const postgresProxy = await startTcpProxy(portOf(postgres.url), () => {
    const listeners = [queries.overhearing(), projecting.overhearing()];
    return (sent) => listeners.forEach((listener) => listener(sent));
  });
  const config = {
    ...{ port: 0, host: '127.0.0.1', dataFolder: '/nonexistent', demo: false },
    logLevel: 'silent' as const,
    jwt: {
      key: { kind: 'secret' as const, secret: TEST_SECRET },
      ...{ issuer: undefined, audience: undefined },
    },
    eventStoreUrl: through(node.url, eventProxy.port),
    databaseUrl: through(postgres.url, postgresProxy.port),
  };
  const backends = backendsFor(config, log);
  const { registry } = backends;
  const options = { log, known: KNOWN_ERRORS, registry };
  const app = await createHttpApplication(AppModule.on(backends, config), options);
  await app.listen({ port: 0, host: config.host });
  const { port } = app.getHttpServer().address() as AddressInfo;
  const { databaseUrl } = config;
  const pool = createPool({ databaseUrl, applicationName: PROJECTING, logger: log, size: 1 });
  return {
    ask: clientFor(`http://127.0.0.1:${port}`),
    backends,
    ...{ events: events.traffic, queries: queries.traffic, projecting: projecting.traffic, pool },
    stop: async () => {
      await app.close();
      await Promise.all([closeBackends(backends), pool.end()]);
      await Promise.all([eventProxy.close(), postgresProxy.close()]);
      await Promise.all([node.remove(), postgres.remove()]);
    },
  };
}

const portOf = (url: string) => Number(new URL(url).port);
const through = (url: string, port: number) => url.replace(`:${portOf(url)}`, `:${port}`);
