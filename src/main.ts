// The API as a process: made, listening, and stopped in good order.
import 'reflect-metadata';
import { type AddressInfo } from 'node:net';
import {
  AppModule,
  type Backends,
  KNOWN_ERRORS,
  backendsFor,
  closeBackends,
} from './app.module.js';
import { watchOverdue } from './commands/expire-transfers/overdue-watch.js';
import { type ServiceConfig } from './platform/config.js';
import { serveOpenApi } from './platform/http/openapi.js';
import { createHttpApplication } from './platform/http/server.js';
import { type Logger, createLogger } from './platform/logger.js';
import { type Running } from './platform/process-frame.js';
import { overdueLedgersIn } from './queries/overdue-ledgers.js';

/** Requests under way may take so long to end once a stop was asked for. */
const DRAIN_MS = 10_000;
const API_VERSION = '1';

/** Serves the API on `config.port` until stopped. Throws when the port is taken. */
export async function runApi(config: ServiceConfig): Promise<Running & { port: number }> {
  const log = createLogger('api', config.logLevel);
  const backends = backendsFor(config, log);
  const app = await listening(config, backends, log).catch(async (error: unknown) => {
    await closeBackends(backends);
    throw error;
  });
  const overdue = watchOverdue({
    writers: backends.writers,
    overdueLedgers: overdueLedgersIn(backends.pool),
    log,
  });
  const server = app.getHttpServer();
  const { port } = server.address() as AddressInfo;
  log.info({ host: config.host, port }, 'listening');
  return {
    port,
    stop: async () => {
      const giveUp = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await app.close();
      clearTimeout(giveUp);
      await overdue.stop();
      await closeBackends(backends);
    },
  };
}

async function listening(config: ServiceConfig, backends: Backends, log: Logger) {
  const { registry } = backends;
  const options = { log, known: KNOWN_ERRORS, registry };
  const app = await createHttpApplication(AppModule.on(backends, config), options);
  serveOpenApi(app, API_VERSION);
  await app.listen({ port: config.port, host: config.host });
  return app;
}
