// One projector writes, whoever else is there: who stands by takes over when it dies, hangs or is cut
// off, and who was taken over changes nothing more. And what was looked at once is not read again.
import pg, { type Pool } from 'pg';
import { pino } from 'pino';
import { CheckpointMoved, takeOver } from '../../projections/engine/checkpoint.js';
import { SESSION_LOCKS, withConnection } from '../../projections/engine/connection.js';
import { follow } from '../../projections/engine/follow.js';
import { readModelsIn } from '../../projections/engine/queries.js';
import { projectorLockHolder } from '../../projections/status/queries.js';
import { type EventStore, NO_STREAM } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { createPool } from '../../src/platform/postgres.js';
import { newEvent } from '../contract/event-store.contract.js';
import { type Bank, bankOn } from '../support/bank.js';
import {
  checkpointOf,
  eventsApplied,
  foldedRows,
  forgetReadModels,
  live,
  project,
  rowsOf,
  spawnProjector,
  until,
} from '../support/projecting.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';

const log = pino({ level: 'silent' });
const forever = new AbortController().signal;
/** More than a server looks at before it says how far it is. */
const OTHER_EVENTS = 3_000;

let node: TestEventStore;
let postgres: TestPostgres;
let store: EventStore;
let pool: Pool;
let bank: Bank;

beforeAll(async () => {
  postgres = await startTestPostgres();
  pool = createPool({ databaseUrl: postgres.url, applicationName: 'test', logger: log });
}, 60_000);
afterAll(async () => {
  await pool.end();
  await postgres.remove();
}, 60_000);
beforeEach(async () => {
  node = await startTestEventStore();
  store = eventStoreDb(node.url, log);
  bank = bankOn(store, 'bank');
  await forgetReadModels(pool);
});
afterEach(async () => {
  await bank.close();
  await store.close();
  await node.remove();
});

const everythingApplied = () => until(async () => (await eventsApplied(pool)) === bank.events());
const spawned = () => spawnProjector({ eventStoreUrl: node.url, databaseUrl: postgres.url });

describe('a projector', () => {
  it('that stands by takes over from one that hangs, which then stands by itself', async () => {
    await bank.trade(20);
    const generation = await live(pool);
    const epoch = async () => (await checkpointOf(pool, generation))?.epoch ?? 0;
    const first = spawned();
    await everythingApplied();
    const taken = [await epoch()];
    const second = spawned();
    // What hangs keeps its connection, and with it the lock, until it has said nothing for too long.
    first.child.kill('SIGSTOP');
    await bank.trade(20);
    await everythingApplied();
    taken.push(await epoch());
    first.child.kill('SIGCONT');
    await bank.trade(20);
    await everythingApplied();
    second.child.kill('SIGKILL');
    await second.exited;
    await bank.trade(20);
    await everythingApplied();
    taken.push(await epoch());
    expect(taken).toEqual([...new Set(taken)].toSorted((a, b) => a - b));
    first.child.kill('SIGTERM');
    expect(await first.exited).toBe(0);
    const rows = await rowsOf(pool, generation);
    expect(await foldedRows(pool, store)).toEqual(rows);
  }, 60_000);

  it('is not kept waiting by a login that may only read, and holds its lock', async () => {
    await pool.query(`CREATE ROLE mallory LOGIN PASSWORD 'mallory' IN ROLE daybook_analyst`);
    const url = new URL(postgres.url);
    [url.username, url.password] = ['mallory', 'mallory'];
    const outsider = new pg.Client(url.href);
    await outsider.connect();
    await outsider.query('SELECT pg_advisory_lock($1)', [SESSION_LOCKS.activeProjector]);
    await bank.trade(10);
    const projector = spawned();
    await everythingApplied();
    expect(await projectorLockHolder(readModelsIn(pool))).toMatchObject({
      ...{ role: 'mallory', isOutsider: true },
    });
    await outsider.end();
    projector.child.kill('SIGTERM');
    expect(await projector.exited).toBe(0);
  }, 60_000);

  it('that was taken over changes nothing more', async () => {
    await bank.trade(10);
    const generation = await live(pool);
    await withConnection(pool, async (database) => {
      const epoch = await takeOver(database, generation);
      const options = { store, database, generation, signal: forever };
      const fenced = follow({ ...options, epoch });
      await fenced.next();
      await withConnection(pool, (other) => takeOver(other, generation));
      await bank.trade(10);
      const applied = await eventsApplied(pool);
      const end = (async () => {
        for (;;) await fenced.next();
      })();
      await expect(end).rejects.toThrow(CheckpointMoved);
      expect(await eventsApplied(pool)).toBe(applied);
      await expect(follow({ ...options, epoch }).next()).rejects.toThrow(CheckpointMoved);
    });
  });

  it('does not read again what it has looked at', async () => {
    await bank.trade(10);
    for (let from = NO_STREAM; from < OTHER_EVENTS; from += 500) {
      await store.append(
        'other',
        from,
        Array.from({ length: 500 }, () => newEvent()),
      );
    }
    const asked: unknown[] = [];
    const watched: EventStore = {
      ...store,
      subscribe: (options) => {
        asked.push(options.scanned);
        return store.subscribe(options);
      },
    };
    await project(pool, watched);
    const generation = await live(pool);
    const checkpoint = await checkpointOf(pool, generation);
    const { last, scanned } = checkpoint ?? {};
    expect(scanned?.position).toBeGreaterThan(last?.position ?? 0n);
    await project(pool, watched);
    expect(asked).toEqual([undefined, scanned]);
    // Nothing that comes afterwards is missed for it.
    await bank.trade(10);
    await project(pool, watched);
    expect(await eventsApplied(pool)).toBe(bank.events());
    const rows = await rowsOf(pool, generation);
    expect(await foldedRows(pool, store)).toEqual(rows);
  }, 30_000);
});
