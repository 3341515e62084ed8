// The two stores, for as long as a verb needs them.
import { DatabaseError, type Pool } from 'pg';
import { ReadModelsUnavailable } from '../../../projections/engine/queries.js';
import { type EventStore, EventStoreUnavailable } from '../../event-store/event-store.js';
import { eventStoreDb } from '../../event-store/eventstoredb.js';
import { givingUpWhenAway } from '../../event-store/giving-up.js';
import { Failure } from '../../platform/failure.js';
import { keepHeapSmall } from '../../platform/heap.js';
import { type Logger, createLogger } from '../../platform/logger.js';
import { createPool } from '../../platform/postgres.js';
import { databaseUrl, eventStoreUrl, loadConfig } from '../../platform/service-config.js';

/** The rebuild's own connection, the one that holds the live generation, and the one that compares. */
export const BUILD_CONNECTIONS = 3;
/** Comparing a big table, or dropping one, takes minutes on a slow disk. */
export const BUILD_STATEMENT_TIMEOUT_MS = 3_600_000;

export interface Stores {
  readonly pool: Pool;
  readonly store: EventStore;
  readonly log: Logger;
}

/**
 * Throws what `work` throws; a Failure when the event store cannot be read, or the database lacks
 * what migrations make.
 */
export async function withStores<T>(work: (stores: Stores) => Promise<T>): Promise<T> {
  keepHeapSmall();
  const config = loadConfig();
  // What is worth saying is said on the terminal; the log would be mixed into the result.
  const log = createLogger('projections', 'silent');
  const store = givingUpWhenAway(eventStoreDb(eventStoreUrl(config), log));
  const pool = createPool({
    databaseUrl: databaseUrl(config),
    applicationName: 'daybook-projections',
    logger: log,
    size: BUILD_CONNECTIONS,
    statementTimeoutMs: BUILD_STATEMENT_TIMEOUT_MS,
  });
  try {
    return await work({ pool, store, log });
  } catch (error) {
    throw asFailure(error);
  } finally {
    await Promise.all([pool.end(), store.close()]);
  }
}

function asFailure(error: unknown): unknown {
  if (error instanceof EventStoreUnavailable) return unreadable(error);
  return isNotMigrated(error) ? notMigrated(error) : error;
}

function unreadable(cause: EventStoreUnavailable): Failure {
  const message =
    `The event store cannot be read (${cause.message}): see "daybook doctor", and run this again ` +
    'afterwards.';
  return new Failure('infrastructure', message, { cause });
}

const UNDEFINED_TABLE = '42P01';

// Tables of read models come and go; those of the schema "daybook" are made by migrations.
function isNotMigrated(error: unknown): boolean {
  const cause = error instanceof ReadModelsUnavailable ? error.cause : error;
  if (!(cause instanceof DatabaseError)) return false;
  return cause.code === UNDEFINED_TABLE && cause.message.includes('"daybook.');
}

function notMigrated(cause: unknown): Failure {
  const message = 'The database is not up to date: run "daybook migrate".';
  return new Failure('infrastructure', message, { cause });
}
