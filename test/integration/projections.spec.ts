// The projection engine on real stores: each event counts once, whatever is delivered twice, killed,
// raced or rebuilt, and another log stops it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Pool } from 'pg';
import { pino } from 'pino';
import { balanceHistoryReadModel } from '../../projections/balance-history/project.js';
import { withConnection } from '../../projections/engine/connection.js';
import { follow } from '../../projections/engine/follow.js';
import { TABLES, liveGeneration, schemaOf } from '../../projections/engine/generations.js';
import { keepProjecting } from '../../projections/engine/projector.js';
import { rebuild } from '../../projections/engine/rebuild.js';
import { AnotherLog } from '../../projections/engine/same-log.js';
import { CheckpointMoved } from '../../projections/engine/checkpoint.js';
import { type EventStore } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { createPool } from '../../src/platform/postgres.js';
import { type Bank, bankOn } from '../support/bank.js';
import { UNWATCHED } from '../support/projecting.js';
import { everyKind, everyKindOfEvent, happening } from '../support/every-kind.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';
import { submitterOn } from '../support/submitter.js';
import { TEST_SECRET } from '../support/tokens.js';

const log = pino({ level: 'silent' });

let node: TestEventStore;
let postgres: TestPostgres;
let store: EventStore;
let pool: Pool;
let bank: Bank;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const { url: databaseUrl } = postgres;
  pool = createPool({ databaseUrl, applicationName: 'test', logger: log });
}, 60_000);
afterAll(async () => {
  await pool.end();
  await postgres.remove();
}, 60_000);
// Every test has a log of its own, and read models that know nothing of it.
beforeEach(async () => {
  node = await startTestEventStore();
  store = eventStoreDb(node.url, log);
  bank = bankOn(store, 'bank');
  await forgetReadModels();
});
afterEach(async () => {
  await bank.close();
  await store.close();
  await node.remove();
});

async function forgetReadModels(): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'rm\\_%'`,
  );
  for (const { name } of rows) await pool.query(`DROP SCHEMA ${name} CASCADE`);
  await pool.query('DELETE FROM daybook.generation');
}

/** Every row of every table of a generation, as text, in the order of its key. */
async function rowsOf(generation: number): Promise<Record<string, string[]>> {
  const tables = TABLES.map(async ({ name, key }) => {
    const { rows } = await pool.query<{ row: string }>(
      `SELECT t::text AS row FROM ${schemaOf(generation)}.${name} t ORDER BY ${key.join(', ')}`,
    );
    return [name, rows.map(({ row }) => row)] as const;
  });
  return Object.fromEntries(await Promise.all(tables));
}

async function checkpointOf(generation: number) {
  const { rows } = await pool.query<{ events: string; revision: string; position: string }>(
    'SELECT events, revision, position FROM daybook.checkpoint WHERE generation = $1',
    [generation],
  );
  return rows[0];
}

const forever = new AbortController().signal;
const rebuilt = (from = store) => rebuild({ store: from, pool, ...UNWATCHED });

/** Follows a generation on a connection of its own until it has applied so many events. */
function followUntil(events: number, generation: number, from: EventStore): Promise<number> {
  return withConnection(pool, async (database) => {
    const options = { store: from, database, generation, signal: forever };
    let batches = 0;
    for await (const { checkpoint } of follow(options)) {
      batches += 1;
      if (checkpoint.events >= events) break;
    }
    return batches;
  });
}

/** The live generation's number; made when there is none. */
const live = () =>
  withConnection(pool, async (database) => (await liveGeneration(database)).number);

/** The store with what it delivers changed on the way. */
function delivering(
  change: (all: AsyncIterable<Delivered>) => AsyncIterable<Delivered>,
): EventStore {
  return { ...store, subscribe: (options) => change(store.subscribe(options)) };
}
type Delivered = EventStore['subscribe'] extends (options: never) => AsyncIterable<infer Item>
  ? Item
  : never;

describe('a projection', () => {
  it('gives the rows of a rebuild, however the events came', async () => {
    await bank.trade(300);
    const generation = await live();
    await followUntil(200, generation, store);
    await bank.trade(50);
    await followUntil(bank.events(), generation, store);
    const rows = await rowsOf(generation);
    expect(rows['transfer']).toHaveLength(350);
    expect(rows['account']).toHaveLength(21);
    const next = await rebuilt();
    expect(next.events).toBe(bank.events());
    expect(await rowsOf(next.generation)).toEqual(rows);
  }, 30_000);

  it('gives the rows of a rebuild of every kind of event, one by one or all at once', async () => {
    const generation = await live();
    const events = await everything((applied) => followUntil(applied, generation, store));
    const rows = await rowsOf(generation);
    const ofLongHistories = new Set(balanceHistoryReadModel.tables.map(({ name }) => name));
    for (const [table, found] of Object.entries(rows))
      expect([table, found.length > 0]).toEqual([table, !ofLongHistories.has(table)]);
    expect(rows['transfer_act']).toHaveLength(8);
    const next = await rebuilt();
    expect(next.events).toBe(events);
    expect(await rowsOf(next.generation)).toEqual(rows);
  }, 30_000);

  it('begins again when a transfer is further than its checkpoint', async () => {
    const generation = await live();
    let goOn = () => {};
    const later = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const events = await everything();
    const waiting = delivering(async function* (all) {
      for await (const item of all) {
        const isCapture = !('kind' in item) && item.type === 'TransferCaptured';
        if (isCapture) await later;
        yield item;
        // The accounts of the capture are known by now, so that only the transfer can tell.
        if (isCapture) return;
      }
    });
    await withConnection(pool, async (database) => {
      const slow = follow({ store: waiting, database, generation, signal: forever });
      const { before } = happening(everyKindOfEvent('everything'), 'TransferCaptured');
      while (Number((await checkpointOf(generation))?.events) < before.length) await slow.next();
      await followUntil(events, generation, store);
      goOn();
      await expect(slow.next()).rejects.toThrow(CheckpointMoved);
    });
  }, 30_000);

  it('applies events once that are delivered again and again', async () => {
    await bank.trade(100);
    const stammering = delivering(async function* (all) {
      const before: Delivered[] = [];
      for await (const item of all) {
        before.push(item);
        yield item;
        yield item;
        if (before.length % 40 === 0) yield* before;
      }
    });
    const generation = await live();
    await followUntil(bank.events(), generation, stammering);
    const rows = await rowsOf(generation);
    expect((await checkpointOf(generation))?.events).toBe(String(bank.events()));
    expect(await rowsOf((await rebuilt()).generation)).toEqual(rows);
  });

  it('applies events once when two projectors race for them', async () => {
    const generation = await live();
    await bank.trade(100);
    const total = bank.events() + 400;
    const atOnce = together(2);
    let lost = 0;
    const project = async () => {
      while (Number((await checkpointOf(generation))?.events) < total) {
        try {
          await followUntil(total, generation, atOnce);
        } catch (error) {
          if (!(error instanceof CheckpointMoved)) throw error;
          lost += 1;
        }
      }
    };
    const trade = async () => {
      for (let part = 0; part < 20; part += 1) await bank.trade(20);
    };
    await Promise.all([project(), project(), trade()]);
    // Both began at the same checkpoint, so one of them has met a checkpoint that had moved.
    expect(lost).toBeGreaterThan(0);
    const rows = await rowsOf(generation);
    expect((await checkpointOf(generation))?.events).toBe(String(total));
    expect(await rowsOf((await rebuilt()).generation)).toEqual(rows);
  }, 60_000);

  it('is taken over by a projector that stands by', async () => {
    const start = () => {
      const stopping = new AbortController();
      const { signal } = stopping;
      let working = () => {};
      const begun = new Promise<void>((resolve) => {
        working = resolve;
      });
      const done = keepProjecting({ store, pool, log, signal, onWorking: () => working() });
      return { begun, done, stop: () => stopping.abort() };
    };
    const first = start();
    await first.begun;
    const second = start();
    await second.begun;
    await bank.trade(20);
    while ((await eventsApplied()) < bank.events()) await delay(5);
    first.stop();
    await first.done;
    await bank.trade(20);
    while ((await eventsApplied()) < bank.events()) await delay(5);
    second.stop();
    await second.done;
  }, 30_000);

  it('loses and repeats nothing when its process is killed in between', async () => {
    await bank.trade(20);
    const total = bank.events() + 20 * 50;
    const trading = (async () => {
      for (let part = 0; part < 20; part += 1) await bank.trade(50);
    })();
    for (let kills = 0; kills < 3; kills += 1) {
      const applied = await eventsApplied();
      const { child, exited } = spawnProjector();
      while ((await eventsApplied()) === applied && applied < total) await delay(5);
      child.kill('SIGKILL');
      await exited;
    }
    await trading;
    const { child, exited } = spawnProjector();
    while ((await eventsApplied()) < total) await delay(20);
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    const generation = await live();
    const rows = await rowsOf(generation);
    expect(await rowsOf((await rebuilt()).generation)).toEqual(rows);
  }, 60_000);
});

/** Makes everything happen in one ledger, and tells how many events that took. */
async function everything(
  afterEach: (events: number) => Promise<unknown> = () => Promise.resolve(),
): Promise<number> {
  const { submit, close } = submitterOn(store);
  let events = 0;
  for (const command of everyKind('everything')) {
    const outcome = await submit('everything', command);
    // What expires, the writer may have seen to by itself.
    if (outcome.kind === 'recorded') events = outcome.revision + 1;
    await afterEach(events);
  }
  await close();
  return events;
}

/** Lets so many subscribers begin only when all of them have asked; later ones begin at once. */
function together(subscribers: number): EventStore {
  let missing = subscribers;
  let begin = () => {};
  const all = new Promise<void>((resolve) => {
    begin = resolve;
  });
  return delivering(async function* (messages) {
    missing -= 1;
    if (missing === 0) begin();
    await all;
    yield* messages;
  });
}

async function eventsApplied(): Promise<number> {
  const { rows } = await pool.query<{ events: string }>('SELECT events FROM daybook.checkpoint');
  return Number(rows[0]?.events ?? 0);
}

function spawnProjector() {
  const child = spawn(
    process.execPath,
    [join(process.cwd(), 'dist/src/cli/main.js'), 'projector'],
    {
      env: {
        PATH: process.env['PATH'],
        EVENTSTORE_URL: node.url,
        DATABASE_URL: postgres.url,
        JWT_SECRET: TEST_SECRET,
        LOG_LEVEL: 'silent',
      },
      stdio: 'ignore',
    },
  );
  const exited = once(child, 'exit').then(([code]: unknown[]) => code);
  return { child, exited };
}

describe('another log', () => {
  it('stops the projector before anything', async () => {
    await bank.trade(10);
    await followUntil(bank.events(), await live(), store);
    const elsewhere = await startTestEventStore();
    const otherStore = eventStoreDb(elsewhere.url, log);
    const otherBank = bankOn(otherStore, 'bank');
    await otherBank.trade(30);
    const projecting = keepProjecting({
      ...{ store: otherStore, pool, log, signal: forever, onWorking: () => undefined },
    });
    await expect(projecting).rejects.toThrow(AnotherLog);
    expect((await rebuilt(otherStore)).events).toBe(otherBank.events());
    await otherBank.close();
    await otherStore.close();
    await elsewhere.remove();
  });
});
