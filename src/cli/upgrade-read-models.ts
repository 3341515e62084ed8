// What a projector does when the live read models are of an older version than its code: the same as
// `daybook projections rebuild --all`, without anybody who watches.
import { setTimeout as delay } from 'node:timers/promises';
import { type BuildProgress } from '../../projections/engine/build.js';
import { MaintenanceRunning } from '../../projections/engine/maintenance.js';
import { rebuild } from '../../projections/engine/rebuild.js';
import { READ_MODELS_VERSION } from '../../projections/registry.js';
import { type EventStore } from '../event-store/event-store.js';
import { type Logger } from '../platform/logger.js';
import { createPool } from '../platform/postgres.js';
import { BUILD_CONNECTIONS, BUILD_STATEMENT_TIMEOUT_MS } from './projections/stores.js';

const TOLD_EVERY_MS = 10_000;
/** How long to leave somebody else alone who is building. */
const OTHERS_BUILD_MS = 5_000;

export interface UpgradeOptions {
  readonly store: EventStore;
  readonly databaseUrl: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Throws what `rebuild` throws, unless somebody else is building. */
export async function upgradeReadModels(options: UpgradeOptions): Promise<void> {
  const { store, databaseUrl, log: logger, signal } = options;
  const pool = createPool({
    ...{ databaseUrl, applicationName: 'daybook-projector-build', logger },
    ...{ size: BUILD_CONNECTIONS, statementTimeoutMs: BUILD_STATEMENT_TIMEOUT_MS },
  });
  let toldAt = -Infinity;
  const onProgress = (progress: BuildProgress) => {
    if (performance.now() - toldAt < TOLD_EVERY_MS) return;
    toldAt = performance.now();
    logger.info(progress, 'building read models of this version');
  };
  try {
    const { generation, replaced, events, comparison } = await rebuild({
      ...{ store, pool, log: logger, signal, makeRoom: true, sameLogOnly: true, onProgress },
      onPaused: (pause) => logger.warn(pause, 'building is paused'),
      cause: { actor: 'projector', reason: `version ${READ_MODELS_VERSION} of the read models` },
    });
    const changed = comparison?.tables.map(({ table }) => table);
    logger.info(
      { generation, replaced, events, changed },
      'swapped in read models of this version',
    );
  } catch (error) {
    if (!(error instanceof MaintenanceRunning)) throw error;
    logger.info('somebody else is building read models; waiting');
    await delay(OTHERS_BUILD_MS, undefined, { signal }).catch(() => undefined);
  } finally {
    await pool.end();
  }
}
