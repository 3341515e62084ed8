// What every adapter of the event store port must do, whatever server is behind it.
import { randomUUID } from 'node:crypto';
import {
  AppendRejected,
  type EventAt,
  type EventStore,
  LogChanged,
  type NewEvent,
  NO_STREAM,
  type StoredEvent,
  type SubscriptionMessage,
} from '../../src/event-store/event-store.js';

/** So many that a server says in between how far it has looked. */
const OTHER_EVENTS = 3_000;
const TOO_LARGE_BYTES = 2 * 1024 * 1024;

export function newEvent(data: Record<string, unknown> = {}): NewEvent {
  return { id: randomUUID(), type: 'Tested', data, metadata: { schemaVersion: 1 } };
}

export async function collect<T>(items: AsyncIterable<T>, limit = Infinity): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) if (collected.push(item) >= limit) break;
  return collected;
}

/** `open` gives a store that may hold other streams; the suite writes to streams of its own. */
export function eventStoreContract(open: () => EventStore): void {
  let store: EventStore;
  let stream: string;
  let prefix: string;

  beforeEach(() => {
    store = open();
    prefix = `contract-${randomUUID()}-`;
    stream = `${prefix}one`;
  });

  const appendAll = async (events: readonly NewEvent[], expected = NO_STREAM, to = stream) => {
    const result = await store.append(to, expected, events);
    if (result.kind !== 'appended') throw new Error('the append met a conflict');
    return result;
  };
  const numbered = (count: number) => Array.from({ length: count }, (_, n) => newEvent({ n }));
  /** Where the last of these was stored. */
  const placeOf = (events: readonly NewEvent[], { position }: { position: bigint }): EventAt => ({
    position,
    id: events.at(-1)?.id ?? '',
  });
  const numbersOf = (events: readonly StoredEvent[]) => events.map(({ data }) => data['n']);

  describe('appending', () => {
    it('stores events at the expected revision and gives back what was stored', async () => {
      const [first, second] = numbered(2) as [NewEvent, NewEvent];
      const opened = await appendAll([first]);
      expect(opened.revision).toBe(0);
      const appended = await appendAll([second], 0);
      expect(appended.revision).toBe(1);
      expect(appended.position).toBeGreaterThan(opened.position);

      const stored = await collect(store.readStream(stream, { from: 0 }));
      expect(stored).toEqual([
        {
          ...first,
          stream,
          revision: 0,
          position: opened.position,
          created: expect.any(Date) as Date,
        },
        {
          ...second,
          stream,
          revision: 1,
          position: appended.position,
          created: expect.any(Date) as Date,
        },
      ]);
    });

    it('stores nothing when the stream is elsewhere', async () => {
      await appendAll(numbered(2));
      for (const expected of [NO_STREAM, 0, 2, 7]) {
        expect(await store.append(stream, expected, [newEvent()])).toEqual({ kind: 'conflict' });
      }
      expect(await collect(store.readStream(stream, { from: 0 }))).toHaveLength(2);
      expect(await store.append(`${prefix}new`, 0, [newEvent()])).toEqual({ kind: 'conflict' });
    });

    it('knows the same events sent again at the same revision, and stores them once', async () => {
      await appendAll([newEvent()]);
      const events = numbered(3);
      const once = await appendAll(events, 0);
      expect(await appendAll(events, 0)).toEqual(once);
      expect(await collect(store.readStream(stream, { from: 0 }))).toHaveLength(4);
    });

    it('lets one of many win at the same revision', async () => {
      const attempts = Array.from({ length: 20 }, () =>
        store.append(stream, NO_STREAM, numbered(2)),
      );
      const results = await Promise.all(attempts);
      expect(results.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
      expect(await collect(store.readStream(stream, { from: 0 }))).toHaveLength(2);
    });

    it('says when it will never take an append, and takes nothing of it', async () => {
      const events = [newEvent(), newEvent({ text: 'x'.repeat(TOO_LARGE_BYTES) })];
      await expect(store.append(stream, NO_STREAM, events)).rejects.toThrow(AppendRejected);
      expect(await collect(store.readStream(stream, { from: 0 }))).toEqual([]);
    });
  });

  describe('reading a stream', () => {
    it('that does not exist gives nothing', async () => {
      expect(await collect(store.readStream(stream, { from: 0 }))).toEqual([]);
      expect(
        await collect(store.readStream(stream, { from: 'end', direction: 'backwards' })),
      ).toEqual([]);
    });

    it('goes forwards and backwards from any revision, and stops at the limit', async () => {
      await appendAll(numbered(10));
      const read = async (...options: Parameters<EventStore['readStream']>) =>
        numbersOf(await collect(store.readStream(...options)));
      expect(await read(stream, { from: 7 })).toEqual([7, 8, 9]);
      expect(await read(stream, { from: 2, limit: 3 })).toEqual([2, 3, 4]);
      expect(await read(stream, { from: 99 })).toEqual([]);
      expect(await read(stream, { from: 'end', direction: 'backwards', limit: 2 })).toEqual([9, 8]);
      expect(await read(stream, { from: 2, direction: 'backwards' })).toEqual([2, 1, 0]);
    });

    it('can be left in the middle', async () => {
      await appendAll(numbered(50));
      expect(await collect(store.readStream(stream, { from: 0 }), 3)).toHaveLength(3);
      expect(await collect(store.readStream(stream, { from: 0 }))).toHaveLength(50);
    });

    it('delivers every event of a long stream in order', async () => {
      for (let from = 0; from < 2_000; from += 500) await appendAll(numbered(500), from - 1);
      const stored = await collect(store.readStream(stream, { from: 0 }));
      expect(stored.map(({ revision }) => revision)).toEqual(
        Array.from({ length: 2_000 }, (_, n) => n),
      );
    });
  });

  describe('subscribing', () => {
    interface Subscription {
      readonly messages: AsyncIterator<SubscriptionMessage>;
      readonly controller: AbortController;
    }
    const open: Subscription[] = [];
    // A reader that stops asking has to say so as well: nothing else lets go of what it holds.
    afterEach(async () => {
      for (const { controller, messages } of open.splice(0)) {
        controller.abort();
        await messages.return?.(undefined);
      }
    });

    const subscribe = (after?: EventAt, scanned?: EventAt): Subscription => {
      const controller = new AbortController();
      const { signal } = controller;
      const messages = store.subscribe({ streamPrefix: prefix, after, scanned, signal });
      const subscription = { messages: messages[Symbol.asyncIterator](), controller };
      open.push(subscription);
      return subscription;
    };
    const next = async ({ messages }: Subscription, count: number) => {
      const taken: (number | string)[] = [];
      while (taken.length < count) {
        const { value } = (await messages.next()) as { value: SubscriptionMessage };
        if (!('kind' in value)) taken.push(value.data['n'] as number);
        else if (value.kind === 'caught-up') taken.push(value.kind);
      }
      return taken;
    };

    it('delivers history, says that it has caught up, then what comes', async () => {
      await appendAll(numbered(3));
      const subscription = subscribe();
      expect(await next(subscription, 4)).toEqual([0, 1, 2, 'caught-up']);
      await appendAll([newEvent({ n: 3 })], 2);
      expect(await next(subscription, 1)).toEqual([3]);
    });

    it('delivers the events of all streams with the prefix, and of no other, in the order of the log', async () => {
      const other = `${prefix}two`;
      await appendAll([newEvent({ n: 0 })]);
      await appendAll([newEvent({ n: 1 })], NO_STREAM, other);
      await appendAll([newEvent({ n: 99 })], NO_STREAM, `not-${prefix}`);
      await appendAll([newEvent({ n: 2 })], 0);
      expect(await next(subscribe(), 4)).toEqual([0, 1, 2, 'caught-up']);
    });

    it('goes on after a position', async () => {
      const events = numbered(2);
      const after = placeOf(events, await appendAll(events));
      await appendAll([newEvent({ n: 2 })], 1);
      expect(await next(subscribe(after), 2)).toEqual([2, 'caught-up']);
    });

    it('refuses to go on after an event that the log does not hold', async () => {
      const events = numbered(2);
      const { position, id } = placeOf(events, await appendAll(events));
      for (const lost of [
        { position, id: randomUUID() },
        { position: position + 1n, id },
        { position: position + 1_000_000_000n, id },
      ]) {
        await expect(subscribe(lost).messages.next()).rejects.toThrow(LogChanged);
      }
    });

    it('tells how far it has looked where it delivers nothing, and goes on from there', async () => {
      const first = [newEvent({ n: 0 })];
      const after = placeOf(first, await appendAll(first));
      const others = `not-${prefix}`;
      for (let from = 0; from < OTHER_EVENTS; from += 500) {
        await appendAll(numbered(500), from - 1, others);
      }
      const read = collect(store.readStream(others, { from: 0 }));
      const places = new Map((await read).map(({ position, id }) => [position, id]));
      const subscription = subscribe(after);
      const messages: SubscriptionMessage[] = [];
      for (let live = false; !live;) {
        const { value } = (await subscription.messages.next()) as { value: SubscriptionMessage };
        messages.push(value);
        live = 'kind' in value && value.kind === 'caught-up';
      }
      const looked = messages.filter((message) => 'kind' in message && message.kind === 'scanned');
      expect(looked.length).toBeGreaterThan(0);
      // Nothing but events that are really there, each further than the one before.
      const positions = looked.map(({ position }) => position);
      expect(positions).toEqual(positions.toSorted((a, b) => Number(a - b)));
      for (const { position, id } of looked) expect(places.get(position)).toBe(id);

      await appendAll([newEvent({ n: 1 })], 0);
      expect(await next(subscribe(after, looked.at(-1)), 2)).toEqual([1, 'caught-up']);
      const lost = { position: looked.at(-1)?.position ?? 0n, id: randomUUID() };
      expect(await next(subscribe(after, lost), 2)).toEqual([1, 'caught-up']);
    });

    it('knows the event at a place by its id', async () => {
      const events = numbered(2);
      const { position, id } = placeOf(events, await appendAll(events));
      expect(await store.idAt(position)).toBe(id);
      expect(await store.idAt(position + 1n)).toBeUndefined();
      expect(await store.idAt(position + 1_000_000_000n)).toBeUndefined();
    });

    it('ends with its signal', async () => {
      const subscription = subscribe();
      const { messages, controller } = subscription;
      expect(await next(subscription, 1)).toEqual(['caught-up']);
      const pending = messages.next();
      controller.abort();
      expect((await pending).done).toBe(true);
    });

    it('ends with its signal before anything came, wherever it is to go on', async () => {
      const events = numbered(1);
      const after = placeOf(events, await appendAll(events));
      const { messages, controller } = subscribe(after);
      const pending = messages.next();
      controller.abort();
      expect((await pending).done).toBe(true);
    });

    it('loses and repeats nothing to a reader that is slower than the writer', async () => {
      const subscription = subscribe();
      expect(await next(subscription, 1)).toEqual(['caught-up']);
      for (let from = 0; from < 1_500; from += 300) {
        await appendAll(
          numbered(300).map((event, n) => ({ ...event, data: { n: from + n } })),
          from - 1,
        );
      }
      const seen: (number | string)[] = [];
      while (seen.length < 1_500) {
        const [message] = await next(subscription, 1);
        if (typeof message === 'number') seen.push(message);
      }
      expect(seen).toEqual(Array.from({ length: 1_500 }, (_, n) => n));
    });
  });

  it('gives the last event of the log', async () => {
    const { position } = await appendAll(numbered(2));
    const last = await store.lastEvent();
    // A server may write events of its own.
    expect(last?.position).toBeGreaterThanOrEqual(position);
  });

  it('says that it can be reached', async () => {
    expect(await store.isReachable()).toBe(true);
  });
}
