// One moment of the read models, for exports that take longer than a statement. Everything is read in one
// transaction, from the tables of the live generation themselves: a rebuild may swap the views meanwhile,
// and an export that held them would keep every other reader waiting.
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClientBase, DatabaseError, type Pool, escapeLiteral } from 'pg';
import { schemaOf } from '../../../projections/engine/generations.js';
import { READ_MODELS_VERSION } from '../../../projections/registry.js';
import { EventStoreUnavailable } from '../../event-store/event-store.js';
import { Failure } from '../../platform/failure.js';
import { createLogger } from '../../platform/logger.js';
import { createPool } from '../../platform/postgres.js';
import { type ExportJob } from './export-job.js';
import { eventAt, lastEvent } from './ledger-log.js';
import { type EventRange, placeOf } from './manifest.js';

/** How long the read models may need until they have what was in the log at the beginning. */
const CATCH_UP_MAX_MS = 30_000;
const LOOK_AGAIN_MS = 250;
/** The first rows of a big ledger come only when all of them are sorted. */
const STATEMENT_TIMEOUT_MS = 30 * 60_000;
/** Rows fetched at once: some megabytes. */
const FETCH_ROWS = 2_000;

/** A row's columns as text; null where there is nothing. */
export type TextRow = readonly (string | null)[];

export interface Snapshot {
  /** Where its tables are. */
  readonly schema: string;
  /** What the tables add up: the ledger's events from the first to this one. */
  readonly events: EventRange;
  /** The rows of a query in its order, fetched as they are taken. One query at a time. */
  readonly rows: (sql: string) => AsyncGenerator<TextRow>;
  readonly count: (sql: string) => Promise<number>;
}

/** Throws a Failure when the read models are away, behind, or of another log or version. */
export async function inSnapshot<T>(
  job: ExportJob,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const pool = createPool({
    databaseUrl: job.databaseUrl(),
    applicationName: 'daybook-export',
    logger: createLogger('export', 'silent'),
    size: 1,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  try {
    return await read(pool, job, work);
  } catch (error) {
    throw asFailure(error);
  } finally {
    await pool.end();
  }
}

async function read<T>(
  pool: Pool,
  job: ExportJob,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const database = await pool.connect();
  // Whatever is under way then fails, and is reported there.
  database.on('error', () => undefined);
  try {
    const state = await caughtUp(database, job);
    return await work({
      schema: schemaOf(state.generation),
      events: await eventsApplied(job, state),
      rows: (sql) => fetchedRows(database, sql),
      count: async (sql) => {
        const { rows } = await database.query<{ count: string }>(
          `SELECT count(*) FROM (${sql}) AS counted`,
        );
        return Number(rows[0]?.count);
      },
    });
  } finally {
    // Closing the connection ends the transaction as well.
    database.release(true);
  }
}

interface LedgerState {
  readonly generation: number;
  readonly version: number;
  /** Of the last event of the ledger that was applied; null before the first. */
  readonly revision: string | null;
  readonly event_id: string | null;
}

/** Begins the transaction, as soon as the read models have what is in the log now. */
async function caughtUp(database: ClientBase, job: ExportJob): Promise<LedgerState> {
  const due = (await lastEvent(job.store, job.ledger)).revision;
  const giveUpAt = performance.now() + (job.catchUpMaxMs ?? CATCH_UP_MAX_MS);
  for (;;) {
    await database.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const state = await stateOf(database, job.ledger);
    const reached = Number(state.revision ?? -1);
    if (reached >= due) return state;
    if (performance.now() > giveUpAt) throw behind(job.ledger, reached, due);
    await database.query('ROLLBACK');
    await sleep(LOOK_AGAIN_MS);
  }
}

async function stateOf(database: ClientBase, ledger: string): Promise<LedgerState> {
  const { rows } = await database.query<{ number: number; version: number }>(
    `SELECT number, version FROM daybook.generation WHERE state = 'live'`,
  );
  const [live] = rows;
  if (!live) throw notMadeYet();
  const { number: generation, version } = live;
  if (version !== READ_MODELS_VERSION) throw otherVersion(version);
  const found = await database.query<Pick<LedgerState, 'revision' | 'event_id'>>(
    `SELECT revision, event_id FROM ${schemaOf(generation)}.ledger
     WHERE ledger = ${escapeLiteral(ledger)}`,
  );
  return { generation, version, ...(found.rows[0] ?? { revision: null, event_id: null }) };
}

/** The same events, as the log has them: rows of another log are not exported under its name. */
async function eventsApplied(
  { store, ledger }: ExportJob,
  state: LedgerState,
): Promise<EventRange> {
  const [first, last] = await Promise.all([
    eventAt(store, ledger, 0),
    eventAt(store, ledger, Number(state.revision)),
  ]);
  if (first && last?.id === state.event_id) return { first: placeOf(first), last: placeOf(last) };
  throw new Failure(
    'refused',
    `The read models of ledger "${ledger}" are not of this event store: at revision ` +
      `${state.revision} they have another event. Rebuild them: daybook projections rebuild --all.`,
  );
}

const AS_TEXT = { getTypeParser: () => (value: string) => value };

async function* fetchedRows(database: ClientBase, sql: string): AsyncGenerator<TextRow> {
  await database.query(`DECLARE exported NO SCROLL CURSOR FOR ${sql}`);
  for (;;) {
    const text = `FETCH ${FETCH_ROWS} FROM exported`;
    const fetch = { text, rowMode: 'array', types: AS_TEXT } as const;
    const { rows } = await database.query<(string | null)[]>(fetch);
    yield* rows;
    if (rows.length < FETCH_ROWS) break;
  }
  await database.query('CLOSE exported');
}

function behind(ledger: string, reached: number, due: number): Failure {
  return new Failure(
    'infrastructure',
    `The read models of ledger "${ledger}" are at revision ${reached} and the log is at ${due}: ` +
      'see that the projector runs (daybook projections status), and export again.',
  );
}

function notMadeYet(): Failure {
  return new Failure(
    'infrastructure',
    'There are no read models yet: start the projector (daybook projector), and export again.',
  );
}

function otherVersion(version: number): Failure {
  return new Failure(
    'infrastructure',
    `The read models were made by another version (${version}, this one makes ` +
      `${READ_MODELS_VERSION}): daybook projections rebuild --all, and export again.`,
  );
}

/** No migration ran, or the generation was dropped in the very moment between two statements. */
const NOT_THERE = new Set(['42P01', '3F000']);
/** Classes of SQLSTATE that say the statement is wrong, whatever the state of the server. */
const OUR_FAULT = /^(22|42)/;

function asFailure(error: unknown): unknown {
  if (error instanceof Failure || error instanceof EventStoreUnavailable) return error;
  const sqlState = error instanceof DatabaseError ? (error.code ?? '') : undefined;
  if (sqlState !== undefined && NOT_THERE.has(sqlState)) return notMadeYet();
  const isAway = sqlState === undefined ? isConnectionError(error) : !OUR_FAULT.test(sqlState);
  if (!isAway) return error;
  const message = `Postgres cannot be asked (${(error as Error).message}): nothing is written.`;
  return new Failure('infrastructure', message, { cause: error });
}

function isConnectionError(error: unknown): boolean {
  const isSystem = typeof (error as NodeJS.ErrnoException).syscall === 'string';
  return isSystem || (error instanceof Error && /connection|timeout/i.test(error.message));
}
