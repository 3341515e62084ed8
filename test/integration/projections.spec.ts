// The projection engine on real stores: each event counts once, whatever is delivered twice, killed,
// raced or rebuilt, and another log stops it.
import { pino } from 'pino';
import { balanceHistoryReadModel } from '../../projections/balance-history/project.js';
import { withConnection } from '../../projections/engine/connection.js';
import { follow } from '../../projections/engine/follow.js';
import { keepProjecting } from '../../projections/engine/projector.js';
import { rebuild } from '../../projections/engine/rebuild.js';
import { AnotherLog } from '../../projections/engine/same-log.js';
import { Applier } from '../../projections/engine/applier.js';
import { type Booked } from '../../projections/engine/booker.js';
import { CheckpointMoved, readCheckpoint } from '../../projections/engine/checkpoint.js';
import { type EventStore, type SubscriptionMessage } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { bankOnFreshLogs } from '../support/bank-on-stores.js';
import { bankOn } from '../support/bank.js';
import { everyKind, everyKindOfEvent, happening } from '../support/every-kind.js';
import {
  UNWATCHED,
  checkpointOf,
  delivering,
  eventsApplied,
  foldedRows,
  live,
  rowsOf,
  spawnProjector,
  until,
} from '../support/projecting.js';
import { startTestEventStore } from '../support/stores.js';
import { submitterOn } from '../support/submitter.js';

const log = pino({ level: 'silent' });

const its = bankOnFreshLogs();

const forever = new AbortController().signal;
const rebuilt = (from = its.store) => rebuild({ store: from, pool: its.pool, ...UNWATCHED });

/** Follows a generation on a connection of its own until it has applied so many events. */
function followUntil(events: number, generation: number, from: EventStore): Promise<number> {
  return withConnection(its.pool, async (database) => {
    const options = { store: from, database, generation, signal: forever };
    let batches = 0;
    for await (const { checkpoint } of follow(options)) {
      batches += 1;
      if (checkpoint.events >= events) break;
    }
    return batches;
  });
}

const spawned = () =>
  spawnProjector({ eventStoreUrl: its.node.url, databaseUrl: its.postgres.url });

describe('a projection', () => {
  it('gives the rows of a rebuild, however the events came', async () => {
    await its.bank.trade(300);
    const generation = await live(its.pool);
    await followUntil(200, generation, its.store);
    await its.bank.trade(50);
    await followUntil(its.bank.events(), generation, its.store);
    const rows = await rowsOf(its.pool, generation);
    expect(rows['transfer']).toHaveLength(350);
    expect(rows['account']).toHaveLength(21);
    const next = await rebuilt();
    expect(next.events).toBe(its.bank.events());
    expect(await rowsOf(its.pool, next.generation)).toEqual(rows);
  }, 30_000);

  it('gives the rows of a rebuild of every kind of event, one by one or all at once', async () => {
    const generation = await live(its.pool);
    const events = await everything((applied) => followUntil(applied, generation, its.store));
    const rows = await rowsOf(its.pool, generation);
    const ofLongHistories = new Set(balanceHistoryReadModel.tables.map(({ name }) => name));
    for (const [table, found] of Object.entries(rows))
      expect([table, found.length > 0]).toEqual([table, !ofLongHistories.has(table)]);
    expect(rows['transfer_act']).toHaveLength(8);
    const next = await rebuilt();
    expect(next.events).toBe(events);
    expect(await rowsOf(its.pool, next.generation)).toEqual(rows);
  }, 30_000);

  it('gives the rows of a rebuild, however far it is booked ahead of what is written', async () => {
    const events = await everything();
    const generation = await live(its.pool);
    await withConnection(its.pool, async (database) => {
      const checkpoint = await readCheckpoint(database, generation);
      if (!checkpoint) throw new Error('there is no checkpoint');
      const applier = new Applier({ database, checkpoint, parked: new Set() });
      const ahead: Booked[] = [];
      for await (const event of its.store.readStream(ledgerStream('everything'), { from: 0 })) {
        ahead.push(...(await applier.booker.book([event], checkpoint)));
      }
      expect(ahead).toHaveLength(events);
      expect(await applier.applyBooked(ahead)).toBe(true);
    });
    const rows = await rowsOf(its.pool, generation);
    expect(await foldedRows(its.pool, its.store)).toEqual(rows);
  });

  it('begins again when a transfer is further than its checkpoint', async () => {
    const generation = await live(its.pool);
    let goOn = () => {};
    const later = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const events = await everything();
    const waiting = delivering(its.store, async function* (all) {
      for await (const item of all) {
        const isCapture = !('kind' in item) && item.type === 'TransferCaptured';
        if (isCapture) await later;
        yield item;
        // The accounts of the capture are known by now, so that only the transfer can tell.
        if (isCapture) return;
      }
    });
    await withConnection(its.pool, async (database) => {
      const slow = follow({ store: waiting, database, generation, signal: forever });
      const { before } = happening(everyKindOfEvent('everything'), 'TransferCaptured');
      while (((await checkpointOf(its.pool, generation))?.events ?? 0) < before.length)
        await slow.next();
      await followUntil(events, generation, its.store);
      goOn();
      await expect(slow.next()).rejects.toThrow(CheckpointMoved);
    });
  }, 30_000);

  it('applies events once that are delivered again and again', async () => {
    await its.bank.trade(100);
    const stammering = delivering(its.store, async function* (all) {
      const before: SubscriptionMessage[] = [];
      for await (const item of all) {
        before.push(item);
        yield item;
        yield item;
        if (before.length % 40 === 0) yield* before;
      }
    });
    const generation = await live(its.pool);
    await followUntil(its.bank.events(), generation, stammering);
    const rows = await rowsOf(its.pool, generation);
    expect((await checkpointOf(its.pool, generation))?.events).toBe(its.bank.events());
    expect(await foldedRows(its.pool, its.store)).toEqual(rows);
  });

  it('applies events once when two projectors race for them', async () => {
    const generation = await live(its.pool);
    await its.bank.trade(100);
    const total = its.bank.events() + 400;
    const atOnce = together(2);
    let lost = 0;
    const project = async () => {
      while (((await checkpointOf(its.pool, generation))?.events ?? 0) < total) {
        try {
          await followUntil(total, generation, atOnce);
        } catch (error) {
          if (!(error instanceof CheckpointMoved)) throw error;
          lost += 1;
        }
      }
    };
    const trade = async () => {
      for (let part = 0; part < 20; part += 1) await its.bank.trade(20);
    };
    await Promise.all([project(), project(), trade()]);
    // Both began at the same checkpoint, so one of them has met a checkpoint that had moved.
    expect(lost).toBeGreaterThan(0);
    const rows = await rowsOf(its.pool, generation);
    expect((await checkpointOf(its.pool, generation))?.events).toBe(total);
    expect(await foldedRows(its.pool, its.store)).toEqual(rows);
  }, 60_000);

  it('is taken over by a projector that stands by', async () => {
    const start = () => {
      const stopping = new AbortController();
      const { signal } = stopping;
      let working = () => {};
      const begun = new Promise<void>((resolve) => {
        working = resolve;
      });
      const done = keepProjecting({
        store: its.store,
        pool: its.pool,
        log,
        signal,
        onWorking: () => working(),
      });
      return { begun, done, stop: () => stopping.abort() };
    };
    const first = start();
    await first.begun;
    const second = start();
    await second.begun;
    await its.bank.trade(20);
    await until(async () => (await eventsApplied(its.pool)) >= its.bank.events());
    first.stop();
    await first.done;
    await its.bank.trade(20);
    await until(async () => (await eventsApplied(its.pool)) >= its.bank.events());
    second.stop();
    await second.done;
  }, 30_000);

  it('loses and repeats nothing when its process is killed in between', async () => {
    await its.bank.trade(20);
    const total = its.bank.events() + 20 * 50;
    const trading = (async () => {
      for (let part = 0; part < 20; part += 1) await its.bank.trade(50);
    })();
    for (let kills = 0; kills < 3; kills += 1) {
      const applied = await eventsApplied(its.pool);
      const { child, exited } = spawned();
      await until(async () => (await eventsApplied(its.pool)) > applied || applied >= total);
      child.kill('SIGKILL');
      await exited;
    }
    await trading;
    const { child, exited } = spawned();
    // Those that were killed may have applied everything: what comes now only the last one can.
    await its.bank.trade(1);
    await until(async () => (await eventsApplied(its.pool)) >= its.bank.events());
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    const generation = await live(its.pool);
    const rows = await rowsOf(its.pool, generation);
    expect(await foldedRows(its.pool, its.store)).toEqual(rows);
  }, 60_000);
});

/** Makes everything happen in one ledger, and tells how many events that took. */
async function everything(
  afterEach: (events: number) => Promise<unknown> = () => Promise.resolve(),
): Promise<number> {
  const { submit, close } = submitterOn(its.store);
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
  return delivering(its.store, async function* (messages) {
    missing -= 1;
    if (missing === 0) begin();
    await all;
    yield* messages;
  });
}

describe('another log', () => {
  it('stops the projector before anything', async () => {
    await its.bank.trade(10);
    await followUntil(its.bank.events(), await live(its.pool), its.store);
    const elsewhere = await startTestEventStore();
    const otherStore = eventStoreDb(elsewhere.url, log);
    const otherBank = bankOn(otherStore, 'bank');
    await otherBank.trade(30);
    const projecting = keepProjecting({
      ...{ store: otherStore, pool: its.pool, log, signal: forever, onWorking: () => undefined },
    });
    await expect(projecting).rejects.toThrow(AnotherLog);
    expect((await rebuilt(otherStore)).events).toBe(otherBank.events());
    await otherBank.close();
    await otherStore.close();
    await elsewhere.remove();
  });
});
