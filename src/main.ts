// The API as a process: made, listening, and stopped in good order.
import 'reflect-metadata';
import { type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { AppModule, KNOWN_ERRORS, backendsFor, closeBackends } from './app.module.js';
import { type ServiceConfig } from './platform/config.js';
import { serveOpenApi } from './platform/http/openapi.js';
import { createHttpApplication } from './platform/http/server.js';
import { createLogger } from './platform/logger.js';
import { type Running } from './platform/process-frame.js';

/** Requests under way may take so long to end once a stop was asked for. */
export const DRAIN_MS = 10_000;
const API_VERSION = '1';

/** Serves the API on `config.port` until stopped. Throws when the port is taken. */
export async function runApi(config: ServiceConfig): Promise<Running & { port: number }> {
  const log = createLogger('api', config.logLevel);
  const backends = backendsFor(config, log);
  const app = await createHttpApplication(AppModule.on(backends, config), {
    log,
    known: KNOWN_ERRORS,
  });
  serveOpenApi(app, API_VERSION);
  await app.listen({ port: config.port, host: config.host });
  const server = app.getHttpServer();
  const { port } = server.address() as AddressInfo;
  log.info({ host: config.host, port }, 'listening');
  return {
    port,
    stop: async () => {
      const drained = new AbortController();
      void delay(DRAIN_MS, undefined, { signal: drained.signal })
        .then(() => server.closeAllConnections())
        .catch(() => undefined);
      await app.close();
      drained.abort();
      await closeBackends(backends);
    },
  };
}
