// An event store for work that somebody waits for: its subscriptions do not wait for ever.
import { type EventStore, EventStoreUnavailable, type SubscribeOptions } from './event-store.js';

/** How long a store may be away in the middle of a subscription. */
const AWAY_MAX_MS = 10_000;
/** So often, while nothing comes, the store is asked whether it is there. */
const LOOK_EVERY_MS = 1_000;

export interface Patience {
  readonly awayMaxMs: number;
  readonly lookEveryMs: number;
}

const PATIENCE: Patience = { awayMaxMs: AWAY_MAX_MS, lookEveryMs: LOOK_EVERY_MS };

/** A subscription throws EventStoreUnavailable when the store is away for long, instead of waiting for it. */
export function givingUpWhenAway(store: EventStore, patience = PATIENCE): EventStore {
  return { ...store, subscribe: (options) => messagesUntilAway(store, options, patience) };
}

async function* messagesUntilAway(
  store: EventStore,
  options: SubscribeOptions,
  patience: Patience,
): ReturnType<EventStore['subscribe']> {
  const away = new AbortController();
  const watch = new Watch(store, away, patience);
  const signal = AbortSignal.any([options.signal, away.signal]);
  try {
    for await (const message of store.subscribe({ ...options, signal })) {
      watch.pause();
      yield message;
      watch.resume();
    }
  } finally {
    watch.end();
  }
  if (away.signal.aborted) throw away.signal.reason;
}

/** Looks after a store while somebody waits for a message; only waiting counts. */
class Watch {
  private waitingSince: number | undefined = performance.now();
  private awaySince: number | undefined;
  private isLooking = false;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly store: EventStore,
    private readonly away: AbortController,
    private readonly patience: Patience,
  ) {
    this.timer = setInterval(() => void this.look(), patience.lookEveryMs);
  }

  pause(): void {
    this.waitingSince = undefined;
    this.awaySince = undefined;
  }

  resume(): void {
    this.waitingSince = performance.now();
  }

  end(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const { waitingSince } = this;
    const { lookEveryMs, awayMaxMs } = this.patience;
    const isQuiet = waitingSince !== undefined && performance.now() - waitingSince >= lookEveryMs;
    if (this.isLooking || !isQuiet) return;
    this.isLooking = true;
    const isThere = await this.store.isReachable();
    this.isLooking = false;
    if (isThere || this.waitingSince !== waitingSince) {
      this.awaySince = undefined;
      return;
    }
    this.awaySince ??= performance.now();
    if (performance.now() - this.awaySince < awayMaxMs) return;
    this.away.abort(new EventStoreUnavailable(`away for more than ${awayMaxMs / 1_000} seconds`));
  }
}
