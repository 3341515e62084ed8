// Read models on a database of the test's own: filled, compared, forgotten, by projectors in this process
// or in processes of their own.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Pool } from 'pg';
import { pino } from 'pino';
import { readCheckpoint } from '../../projections/engine/checkpoint.js';
import { withConnection } from '../../projections/engine/connection.js';
import { follow } from '../../projections/engine/follow.js';
import { TABLES, liveGeneration, schemaOf } from '../../projections/engine/generations.js';
import { type RebuildOptions, rebuild } from '../../projections/engine/rebuild.js';
import { type EventStore, type SubscriptionMessage } from '../../src/event-store/event-store.js';
import { stoppedWithTheTest } from './stopping.js';

const LOOK_EVERY_MS = 20;
const log = pino({ level: 'silent' });
const forever = new AbortController().signal;

/** Drops every generation, as on a database where nobody has ever projected. */
export async function forgetReadModels(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'rm\\_%'`,
  );
  for (const { name } of rows) await pool.query(`DROP SCHEMA ${name} CASCADE`);
  await pool.query('DELETE FROM daybook.generation');
  await pool.query('DELETE FROM daybook.generation_change');
}

/** How read models are rebuilt when nobody watches, however often. */
export const UNWATCHED = {
  ...{ log, signal: forever, makeRoom: true },
  cause: { actor: 'test', reason: 'to see whether it works' },
  onProgress: () => undefined,
  onPaused: () => undefined,
} as const satisfies Partial<RebuildOptions>;

/** The store with what it delivers changed on the way. */
export function delivering(
  store: EventStore,
  change: (all: AsyncIterable<SubscriptionMessage>) => AsyncIterable<SubscriptionMessage>,
): EventStore {
  return { ...store, subscribe: (options) => change(store.subscribe(options)) };
}

/** The live generation's number; made when there is none. */
export function live(pool: Pool): Promise<number> {
  return withConnection(pool, async (database) => (await liveGeneration(database)).number);
}

export function checkpointOf(pool: Pool, generation: number) {
  return withConnection(pool, (database) => readCheckpoint(database, generation));
}

/** Every row of every table of a generation, as text, in the order of its key. */
export async function rowsOf(pool: Pool, generation: number): Promise<Record<string, string[]>> {
  const tables = TABLES.map(async ({ name, key }) => {
    const { rows } = await pool.query<{ row: string }>(
      `SELECT t::text AS row FROM ${schemaOf(generation)}.${name} t ORDER BY ${key.join(', ')}`,
    );
    return [name, rows.map(({ row }) => row)] as const;
  });
  return Object.fromEntries(await Promise.all(tables));
}

/** The rows that a rebuild gives. */
export async function foldedRows(pool: Pool, store: EventStore): Promise<Record<string, string[]>> {
  const { generation } = await rebuild({ store, pool, ...UNWATCHED });
  return rowsOf(pool, generation);
}

/** Follows the live generation until everything in the log has been looked at. */
export function project(pool: Pool, store: EventStore): Promise<void> {
  return withConnection(pool, async (database) => {
    const { number: generation } = await liveGeneration(database);
    const options = { store, database, generation, signal: forever };
    for await (const { caughtUp } of follow(options)) if (caughtUp) return;
  });
}

/** Events applied by the live generation, as far as one can see. */
export async function eventsApplied(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ events: string }>(
    `SELECT events FROM daybook.checkpoint JOIN daybook.generation ON number = generation
     WHERE state = 'live'`,
  );
  return Number(rows[0]?.events ?? 0);
}

export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(LOOK_EVERY_MS);
}

export interface ProjectorProcess {
  readonly child: ChildProcess;
  /** The exit code; null when a signal ended it. */
  readonly exited: Promise<unknown>;
}

/** `daybook projector` from dist; killed when the test ends, unless it was before. */
export function spawnProjector(stores: {
  eventStoreUrl: string;
  databaseUrl: string;
}): ProjectorProcess {
  const child = spawn(
    process.execPath,
    [join(process.cwd(), 'dist/src/cli/main.js'), 'projector'],
    {
      env: {
        PATH: process.env['PATH'],
        EVENTSTORE_URL: stores.eventStoreUrl,
        DATABASE_URL: stores.databaseUrl,
        LOG_LEVEL: 'silent',
      },
      stdio: 'ignore',
    },
  );
  const exited = once(child, 'exit').then(([code]: unknown[]) => code);
  stoppedWithTheTest({
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  });
  return { child, exited };
}
