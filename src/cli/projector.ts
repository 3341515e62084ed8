// `daybook projector`: keeps the read models up to date until stopped.
import { setTimeout as delay } from 'node:timers/promises';
import { keepProjecting } from '../../projections/engine/projector.js';
import {
  VERIFICATION_TIMES,
  type VerificationTimes,
  keepVerifying,
} from '../../projections/verify/background/keep-verifying.js';
import { AnotherLog } from '../../projections/engine/same-log.js';
import { eventStoreDb } from '../event-store/eventstoredb.js';
import { type StoresConfig } from '../platform/config.js';
import { Failure } from '../platform/failure.js';
import { createLogger } from '../platform/logger.js';
import { createPool } from '../platform/postgres.js';
import { type Running } from '../platform/process-frame.js';
import { upgradeReadModels } from './upgrade-read-models.js';

/** It counts as started after so long even when a store is away: it goes on trying. */
const START_PATIENCE_MS = 5_000;
/** The verifier's own, and the one that it reads with. */
const VERIFIER_CONNECTIONS = 2;

type ProjectorConfig = Pick<StoresConfig, 'eventStoreUrl' | 'databaseUrl' | 'logLevel'>;

/** Returns once it projects or stands by; `failed` tells of what must not be tried again. */
export async function runProjector(
  { eventStoreUrl, databaseUrl, logLevel }: ProjectorConfig,
  times: VerificationTimes = VERIFICATION_TIMES,
): Promise<Running> {
  const log = createLogger('projector', logLevel);
  const store = eventStoreDb(eventStoreUrl, log);
  const pool = createPool({
    databaseUrl,
    applicationName: 'daybook-projector',
    logger: log,
    size: 1,
  });
  // Apart, so that the projector never waits for it.
  const verifierPool = createPool({
    databaseUrl,
    applicationName: 'daybook-verifier',
    logger: log,
    size: VERIFIER_CONNECTIONS,
  });
  const stopping = new AbortController();
  const { signal } = stopping;
  const verifying = keepVerifying({ store, pool: verifierPool, log, signal, times });
  let projecting = Promise.resolve();
  const working = new Promise<void>((onWorking) => {
    const upgrade = (signal: AbortSignal) => upgradeReadModels({ store, databaseUrl, log, signal });
    projecting = keepProjecting({ store, pool, log, signal, onWorking, upgrade });
  });
  const failed = new Promise<Error>((resolve) => {
    projecting.catch((error: unknown) => resolve(asError(error)));
  });
  await Promise.race([working, failed, delay(START_PATIENCE_MS, undefined, { ref: false })]);
  return {
    failed,
    stop: async () => {
      stopping.abort();
      await Promise.all([projecting.catch(() => undefined), verifying]);
      await Promise.all([pool.end(), verifierPool.end(), store.close()]);
    },
  };
}

function asError(thrown: unknown): Error {
  if (thrown instanceof AnotherLog) {
    return new Failure('refused', thrown.message, { cause: thrown });
  }
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
