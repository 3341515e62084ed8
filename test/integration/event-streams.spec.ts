// Following a ledger when its reader is slower than its events, on a real log.
import { pino } from 'pino';
import { type EventStore, NO_STREAM, type StoredEvent } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { OneAtATime } from '../../src/queries/one-at-a-time.js';
import { eventsAfter } from '../../src/queries/stream-events/events-after.js';
import { LiveEvents } from '../../src/queries/stream-events/live-events.js';
import { newEvent } from '../contract/event-store.contract.js';
import { type TestEventStore, startTestEventStore } from '../support/stores.js';

let events: TestEventStore;
let store: EventStore;
let live: LiveEvents;
const ends = new Map<string, number>();

beforeAll(async () => {
  events = await startTestEventStore();
  store = eventStoreDb(events.url, pino({ level: 'silent' }));
  live = new LiveEvents(store);
});
afterAll(async () => {
  await store.close();
  await events.remove();
});

async function append(ledger: string, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 100) {
    const some = Array.from({ length: Math.min(left, 100) }, () => newEvent());
    const last = ends.get(ledger) ?? NO_STREAM;
    await store.append(ledgerStream(ledger), last, some);
    ends.set(ledger, last + some.length);
  }
}

function follow(ledger: string, after: number) {
  const leaving = new AbortController();
  const source = { store, live, turns: new OneAtATime(10) };
  const { signal } = leaving;
  const reading = eventsAfter(source, { ledger, after, signal });
  const take = async (count: number) => {
    const revisions: number[] = [];
    while (revisions.length < count) {
      const next: IteratorResult<StoredEvent, unknown> = await reading.next();
      if (next.done === true) throw new Error(`ended after ${revisions.length}`);
      revisions.push(next.value.revision);
    }
    return revisions;
  };
  return { take, reading, leave: () => leaving.abort() };
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

describe('a reader of events', () => {
  it('who is far behind gets all of them, while others get theirs at once', async () => {
    await append('slow', 300);
    await append('other', 1);
    const slow = follow('slow', -1);
    const quick = follow('slow', 299);
    const coming = quick.take(700);
    expect(await slow.take(301 - 1)).toEqual(range(0, 300));
    const waiting = slow.take(1);
    await append('slow', 700);
    expect(await coming).toEqual(range(300, 1_000));
    expect(await waiting).toEqual([300]);
    await append('other', 50);
    await append('slow', 700);
    expect(await slow.take(1_399)).toEqual(range(301, 1_700));
    slow.leave();
    quick.leave();
    expect((await slow.reading.next()).done).toBe(true);
  });

  it('who leaves ends at once, and whoever comes next misses nothing', async () => {
    await append('left', 1);
    const first = follow('left', 0);
    const nothing = first.reading.next();
    first.leave();
    expect((await nothing).done).toBe(true);
    const second = follow('left', 0);
    const coming = second.take(2);
    await append('left', 2);
    expect(await coming).toEqual([1, 2]);
    second.leave();
  });

  it('hears of what comes after the log was away', async () => {
    await append('away', 2);
    const reader = follow('away', 0);
    expect(await reader.take(1)).toEqual([1]);
    const coming = reader.take(150);
    await events.stop();
    await events.restart();
    expect(await store.isReachable()).toBe(true);
    await append('away', 150);
    expect(await coming).toEqual(range(2, 152));
    reader.leave();
  });
});
