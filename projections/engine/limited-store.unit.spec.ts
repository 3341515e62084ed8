import {
  type CaughtUp,
  type EventStore,
  type StoredEvent,
  type SubscriptionMessage,
} from '../../src/event-store/event-store.js';
import { Schedule, storeUpTo } from './limited-store.js';

const event = (position: number): StoredEvent => ({
  ...{ id: `event-${position}`, type: 'TransferPosted', data: {}, metadata: {} },
  ...{ stream: 'ledger-bank', revision: position, position: BigInt(position) },
  created: new Date(0),
});
const caughtUp: CaughtUp = { kind: 'caught-up' };

/** What comes out of a store with these messages, and how many of them were asked for. */
async function delivered(messages: SubscriptionMessage[], last: number) {
  let asked = 0;
  async function* subscribe(): AsyncGenerator<SubscriptionMessage> {
    for (const message of messages) {
      asked += 1;
      yield message;
    }
    await new Promise(() => undefined);
  }
  const store = storeUpTo(
    { subscribe } as Pick<EventStore, 'subscribe'> as EventStore,
    BigInt(last),
  );
  const out: SubscriptionMessage[] = [];
  const { signal } = new AbortController();
  const options = { streamPrefix: 'ledger-', after: undefined, signal };
  for await (const message of store.subscribe(options)) out.push(message);
  return { out, asked };
}

describe('a store up to a place', () => {
  it('ends with the event there, without waiting for another', async () => {
    const messages = [event(1), event(5), event(9)];
    expect(await delivered(messages, 5)).toEqual({ out: [event(1), event(5)], asked: 2 });
  });

  it('ends in front of the first event behind a place where there is none', async () => {
    const messages = [event(1), event(5), event(9)];
    expect((await delivered(messages, 7)).out).toEqual([event(1), event(5)]);
  });

  it('ends where the log ends, if that is before', async () => {
    expect((await delivered([event(1), caughtUp], 7)).out).toEqual([event(1), caughtUp]);
  });
});

describe('a schedule', () => {
  it('spreads events evenly', () => {
    const schedule = new Schedule(10, 0);
    expect([schedule.next(0), schedule.next(100), schedule.next(100)]).toEqual([100, 100, 200]);
  });

  it('puts off waits that are too short for a timer', () => {
    const schedule = new Schedule(1_000, 0);
    const waits = Array.from({ length: 20 }, () => schedule.next(0));
    expect(waits).toEqual([...Array<number>(19).fill(0), 20]);
  });

  it('makes up for a second that was lost, and for no more', () => {
    const schedule = new Schedule(10, 0);
    const waits = Array.from({ length: 12 }, () => schedule.next(60_000));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(11);
    expect(waits[11]).toBe(100);
  });
});
