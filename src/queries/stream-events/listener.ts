// One who hears of the new events of a ledger. Events that it does not take in time are not kept for it:
// it is told that it lost track, and reads the log.
import { type StoredEvent } from '../../event-store/event-store.js';

/** Events kept for a listener that is busy. */
const KEPT_EVENTS_MAX = 256;

export class Listener {
  private readonly events: StoredEvent[] = [];
  private state: 'listening' | 'lost-track' | 'ended' = 'listening';
  private failure: { readonly error: unknown } | undefined;
  private wake: () => void = () => {};

  constructor(private readonly leave: (listener: Listener) => void) {}

  /**
   * The next event; undefined when some were not kept, after which it listens again, or when it is over.
   * Throws what it was ended with.
   */
  async next(): Promise<StoredEvent | undefined> {
    while (this.events.length === 0 && this.state === 'listening') {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    if (this.failure) throw this.failure.error;
    if (this.state === 'lost-track') this.state = 'listening';
    return this.events.shift();
  }

  hear(event: StoredEvent): void {
    if (this.state !== 'listening') return;
    if (this.events.push(event) > KEPT_EVENTS_MAX) {
      this.events.length = 0;
      this.state = 'lost-track';
    }
    this.wake();
  }

  end(failure?: { readonly error: unknown }): void {
    this.events.length = 0;
    this.state = 'ended';
    this.failure = failure;
    this.leave(this);
    this.wake();
  }
}
