// Two releases of Daybook at work on one database: neither undoes what the other does.
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { keepProjecting } from '../../projections/engine/projector.js';
import { ReadModelsUnavailable, readModelsIn } from '../../projections/engine/queries.js';
import { rebuild } from '../../projections/engine/rebuild.js';
import { bankOnOneLog } from '../support/bank-on-stores.js';
import {
  UNWATCHED,
  checkpointOf,
  eventsApplied,
  live,
  project,
  rowsOf,
  until,
} from '../support/projecting.js';

const log = pino({ level: 'silent' });

const its = bankOnOneLog(50);

describe('a projector of another version', () => {
  const setVersion = (by: number) =>
    its.pool.query(`UPDATE daybook.generation SET version = version + $1 WHERE state = 'live'`, [
      by,
    ]);
  const projector = () => {
    const stopping = new AbortController();
    const { signal } = stopping;
    const upgrade = async (inner: AbortSignal) => {
      await rebuild({ ...its, ...UNWATCHED, signal: inner, sameLogOnly: true });
    };
    const onWorking = () => undefined;
    const done = keepProjecting({
      store: its.store,
      pool: its.pool,
      log,
      signal,
      onWorking,
      upgrade,
    });
    return { done, stop: () => stopping.abort() };
  };
  const caughtUp = () => until(async () => (await eventsApplied(its.pool)) === its.bank.events());

  it('builds its own beside older ones, and swaps them in', async () => {
    await project(its.pool, its.store);
    const generation = await live(its.pool);
    const rows = await rowsOf(its.pool, generation);
    await setVersion(-1);
    const newer = projector();
    await until(async () => (await live(its.pool)) !== generation);
    expect(await rowsOf(its.pool, await live(its.pool))).toEqual(rows);
    await its.bank.trade(5);
    await caughtUp();
    newer.stop();
    await newer.done;
    const { rows: changes } = await its.pool.query(
      `SELECT change FROM daybook.generation_change WHERE generation = $1 ORDER BY id`,
      [await live(its.pool)],
    );
    expect(changes).toEqual([{ change: 'begun' }, { change: 'made live' }]);
  });

  it('leaves newer ones alone, and goes on when they are its own', async () => {
    await project(its.pool, its.store);
    const generation = await live(its.pool);
    await setVersion(1);
    const before = await checkpointOf(its.pool, generation);
    await its.bank.trade(5);
    const older = projector();
    await delay(500);
    expect(await checkpointOf(its.pool, generation)).toEqual(before);
    await setVersion(-1);
    await caughtUp();
    older.stop();
    await older.done;
    expect(await live(its.pool)).toBe(generation);
  });

  it('does not keep queries of the new version from being told to come back', async () => {
    await project(its.pool, its.store);
    const asked = () => readModelsIn(its.pool).rows('SELECT tomorrow FROM reporting.ledger', []);
    await expect(asked()).rejects.toThrow('does not exist');
    await expect(asked()).rejects.not.toThrow(ReadModelsUnavailable);
    await setVersion(-1);
    await expect(asked()).rejects.toThrow(ReadModelsUnavailable);
  });
});
