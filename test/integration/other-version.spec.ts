// Two releases of Daybook at work on one database: neither undoes what the other does.
import { setTimeout as delay } from 'node:timers/promises';
import { type Pool } from 'pg';
import { pino } from 'pino';
import { keepProjecting } from '../../projections/engine/projector.js';
import { ReadModelsUnavailable, readModelsIn } from '../../projections/engine/queries.js';
import { rebuild } from '../../projections/engine/rebuild.js';
import { type EventStore } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { createPool } from '../../src/platform/postgres.js';
import { type Bank, bankOn } from '../support/bank.js';
import {
  UNWATCHED,
  checkpointOf,
  eventsApplied,
  forgetReadModels,
  live,
  project,
  rowsOf,
  until,
} from '../support/projecting.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';

const log = pino({ level: 'silent' });

let node: TestEventStore;
let postgres: TestPostgres;
let store: EventStore;
let pool: Pool;
let bank: Bank;

beforeAll(async () => {
  [node, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
  pool = createPool({ databaseUrl: postgres.url, applicationName: 'test', logger: log });
  store = eventStoreDb(node.url, log);
  bank = bankOn(store, 'bank');
  await bank.trade(50);
}, 60_000);
afterAll(async () => {
  await bank.close();
  await Promise.all([store.close(), pool.end()]);
  await Promise.all([node.remove(), postgres.remove()]);
}, 60_000);
beforeEach(() => forgetReadModels(pool));

describe('a projector of another version', () => {
  const setVersion = (by: number) =>
    pool.query(`UPDATE daybook.generation SET version = version + $1 WHERE state = 'live'`, [by]);
  const projector = () => {
    const stopping = new AbortController();
    const { signal } = stopping;
    const upgrade = async (inner: AbortSignal) => {
      await rebuild({ store, pool, ...UNWATCHED, signal: inner, sameLogOnly: true });
    };
    const onWorking = () => undefined;
    const done = keepProjecting({ store, pool, log, signal, onWorking, upgrade });
    return { done, stop: () => stopping.abort() };
  };
  const caughtUp = () => until(async () => (await eventsApplied(pool)) === bank.events());

  it('builds its own beside older ones, and swaps them in', async () => {
    await project(pool, store);
    const generation = await live(pool);
    const rows = await rowsOf(pool, generation);
    await setVersion(-1);
    const newer = projector();
    await until(async () => (await live(pool)) !== generation);
    expect(await rowsOf(pool, await live(pool))).toEqual(rows);
    await bank.trade(5);
    await caughtUp();
    newer.stop();
    await newer.done;
    const { rows: changes } = await pool.query(
      `SELECT change FROM daybook.generation_change WHERE generation = $1 ORDER BY id`,
      [await live(pool)],
    );
    expect(changes).toEqual([{ change: 'begun' }, { change: 'made live' }]);
  });

  it('leaves newer ones alone, and goes on when they are its own', async () => {
    await project(pool, store);
    const generation = await live(pool);
    await setVersion(1);
    const before = await checkpointOf(pool, generation);
    await bank.trade(5);
    const older = projector();
    await delay(500);
    expect(await checkpointOf(pool, generation)).toEqual(before);
    await setVersion(-1);
    await caughtUp();
    older.stop();
    await older.done;
    expect(await live(pool)).toBe(generation);
  });

  it('does not keep queries of the new version from being told to come back', async () => {
    await project(pool, store);
    const asked = () => readModelsIn(pool).rows('SELECT tomorrow FROM reporting.ledger', []);
    await expect(asked()).rejects.toThrow('does not exist');
    await expect(asked()).rejects.not.toThrow(ReadModelsUnavailable);
    await setVersion(-1);
    await expect(asked()).rejects.toThrow(ReadModelsUnavailable);
  });
});
