// The event store as a rebuild may see it: only up to some place of the log, or no faster than told.
import { setTimeout as delay } from 'node:timers/promises';
import { type EventStore, type Position } from '../../src/event-store/event-store.js';

type Messages = ReturnType<EventStore['subscribe']>;

/** A subscription ends behind the last event at or before `last`, or where the log ended when it began. */
export function storeUpTo(store: EventStore, last: Position): EventStore {
  return { ...store, subscribe: (options) => messagesUpTo(store.subscribe(options), last) };
}

async function* messagesUpTo(messages: Messages, last: Position): Messages {
  for await (const message of messages) {
    if ('position' in message && message.position > last) return;
    yield message;
    if ('position' in message ? message.position === last : message.kind === 'caught-up') return;
  }
}

/** Delivers at most so many events a second. */
export function storeAtRate(store: EventStore, eventsPerSecond: number): EventStore {
  return {
    ...store,
    subscribe: (options) =>
      messagesAtRate(store.subscribe(options), { eventsPerSecond, signal: options.signal }),
  };
}

/** Shorter waits are put off until they are worth a timer. */
const WAIT_MIN_MS = 20;
/** So much of the rate that was not used may be made up for. */
const MADE_UP_MAX_MS = 1_000;

async function* messagesAtRate(
  messages: Messages,
  { eventsPerSecond, signal }: { eventsPerSecond: number; signal: AbortSignal },
): Messages {
  const schedule = new Schedule(eventsPerSecond, performance.now());
  for await (const message of messages) {
    yield message;
    if ('kind' in message) continue;
    const waitMs = schedule.next(performance.now());
    if (waitMs > 0) await delay(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

/** When events are due that come at an even rate. The clock is the caller's. */
export class Schedule {
  constructor(
    private readonly eventsPerSecond: number,
    private dueMs: number,
  ) {}

  /** How long to wait for the next event, one having been taken now. */
  next(nowMs: number): number {
    this.dueMs = Math.max(this.dueMs + 1_000 / this.eventsPerSecond, nowMs - MADE_UP_MAX_MS);
    const waitMs = this.dueMs - nowMs;
    return waitMs < WAIT_MIN_MS ? 0 : waitMs;
  }
}
