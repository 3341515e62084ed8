// One projector writes, whoever else is there: who stands by takes over when it dies, hangs or is cut
// off, and who was taken over changes nothing more. And what was looked at once is not read again.
import pg from 'pg';
import { CheckpointMoved, takeOver } from '../../projections/engine/checkpoint.js';
import { SESSION_LOCKS, withConnection } from '../../projections/engine/connection.js';
import { follow } from '../../projections/engine/follow.js';
import { readModelsIn } from '../../projections/engine/queries.js';
import { projectorLockHolder } from '../../projections/status/queries.js';
import { type EventStore, NO_STREAM } from '../../src/event-store/event-store.js';
import { newEvent } from '../contract/event-store.contract.js';
import { bankOnFreshLogs } from '../support/bank-on-stores.js';
import {
  checkpointOf,
  eventsApplied,
  foldedRows,
  live,
  project,
  rowsOf,
  spawnProjector,
  until,
} from '../support/projecting.js';

const forever = new AbortController().signal;
/** More than a server looks at before it says how far it is. */
const OTHER_EVENTS = 3_000;

const its = bankOnFreshLogs();

const everythingApplied = () =>
  until(async () => (await eventsApplied(its.pool)) === its.bank.events());
const spawned = () =>
  spawnProjector({ eventStoreUrl: its.node.url, databaseUrl: its.postgres.url });

describe('a projector', () => {
  it('that stands by takes over from one that hangs, which then stands by itself', async () => {
    await its.bank.trade(20);
    const generation = await live(its.pool);
    const epoch = async () => (await checkpointOf(its.pool, generation))?.epoch ?? 0;
    const first = spawned();
    await everythingApplied();
    const taken = [await epoch()];
    const second = spawned();
    // What hangs keeps its connection, and with it the lock, until it has said nothing for too long.
    first.child.kill('SIGSTOP');
    await its.bank.trade(20);
    await everythingApplied();
    taken.push(await epoch());
    first.child.kill('SIGCONT');
    await its.bank.trade(20);
    await everythingApplied();
    second.child.kill('SIGKILL');
    await second.exited;
    await its.bank.trade(20);
    await everythingApplied();
    taken.push(await epoch());
    expect(taken).toEqual([...new Set(taken)].toSorted((a, b) => a - b));
    first.child.kill('SIGTERM');
    expect(await first.exited).toBe(0);
    const rows = await rowsOf(its.pool, generation);
    expect(await foldedRows(its.pool, its.store)).toEqual(rows);
  }, 60_000);

  it('is not kept waiting by a login that may only read, and holds its lock', async () => {
    await its.pool.query(`CREATE ROLE mallory LOGIN PASSWORD 'mallory' IN ROLE daybook_analyst`);
    const url = new URL(its.postgres.url);
    [url.username, url.password] = ['mallory', 'mallory'];
    const outsider = new pg.Client(url.href);
    await outsider.connect();
    await outsider.query('SELECT pg_advisory_lock($1)', [SESSION_LOCKS.activeProjector]);
    await its.bank.trade(10);
    const projector = spawned();
    await everythingApplied();
    expect(await projectorLockHolder(readModelsIn(its.pool))).toMatchObject({
      ...{ role: 'mallory', isOutsider: true },
    });
    await outsider.end();
    projector.child.kill('SIGTERM');
    expect(await projector.exited).toBe(0);
  }, 60_000);

  it('that was taken over changes nothing more', async () => {
    await its.bank.trade(10);
    const generation = await live(its.pool);
    await withConnection(its.pool, async (database) => {
      const epoch = await takeOver(database, generation);
      const options = { store: its.store, database, generation, signal: forever };
      const fenced = follow({ ...options, epoch });
      await fenced.next();
      await withConnection(its.pool, (other) => takeOver(other, generation));
      await its.bank.trade(10);
      const applied = await eventsApplied(its.pool);
      const end = (async () => {
        for (;;) await fenced.next();
      })();
      await expect(end).rejects.toThrow(CheckpointMoved);
      expect(await eventsApplied(its.pool)).toBe(applied);
      await expect(follow({ ...options, epoch }).next()).rejects.toThrow(CheckpointMoved);
    });
  });

  it('does not read again what it has looked at', async () => {
    await its.bank.trade(10);
    for (let from = NO_STREAM; from < OTHER_EVENTS; from += 500) {
      await its.store.append(
        'other',
        from,
        Array.from({ length: 500 }, () => newEvent()),
      );
    }
    const asked: unknown[] = [];
    const watched: EventStore = {
      ...its.store,
      subscribe: (options) => {
        asked.push(options.scanned);
        return its.store.subscribe(options);
      },
    };
    await project(its.pool, watched);
    const generation = await live(its.pool);
    const checkpoint = await checkpointOf(its.pool, generation);
    const { last, scanned } = checkpoint ?? {};
    expect(scanned?.position).toBeGreaterThan(last?.position ?? 0n);
    await project(its.pool, watched);
    expect(asked).toEqual([undefined, scanned]);
    // Nothing that comes afterwards is missed for it.
    await its.bank.trade(10);
    await project(its.pool, watched);
    expect(await eventsApplied(its.pool)).toBe(its.bank.events());
    const rows = await rowsOf(its.pool, generation);
    expect(await foldedRows(its.pool, its.store)).toEqual(rows);
  }, 30_000);
});
