// `daybook projector`: keeps the read models up to date until stopped.
import { setTimeout as delay } from 'node:timers/promises';
import { keepProjecting } from '../../projections/engine/projector.js';
import { eventStoreDb } from '../event-store/eventstoredb.js';
import { type ServiceConfig } from '../platform/config.js';
import { createLogger } from '../platform/logger.js';
import { createPool } from '../platform/postgres.js';
import { type Running } from '../platform/process-frame.js';

/** It counts as started after so long even when a store is away: it goes on trying. */
const START_PATIENCE_MS = 5_000;

/** Returns once it projects or stands by; `failed` tells of what must not be tried again. */
export async function runProjector(config: ServiceConfig): Promise<Running> {
  const log = createLogger('projector', config.logLevel);
  const store = eventStoreDb(config.eventStoreUrl, log);
  const { databaseUrl } = config;
  const pool = createPool({
    databaseUrl,
    applicationName: 'daybook-projector',
    logger: log,
    size: 1,
  });
  const stopping = new AbortController();
  const { signal } = stopping;
  let projecting = Promise.resolve();
  const working = new Promise<void>((onWorking) => {
    projecting = keepProjecting({ store, pool, log, signal, onWorking });
  });
  const failed = new Promise<Error>((resolve) => {
    projecting.catch((error: unknown) => resolve(asError(error)));
  });
  await Promise.race([working, failed, delay(START_PATIENCE_MS, undefined, { ref: false })]);
  return {
    failed,
    stop: async () => {
      stopping.abort();
      await projecting.catch(() => undefined);
      await Promise.all([pool.end(), store.close()]);
    },
  };
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
