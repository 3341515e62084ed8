// Waiting until the read models have come as far as somebody needs. However many wait, one question at a
// time is asked for all of them, and none while nobody waits.
import { setTimeout as delay } from 'node:timers/promises';
import { settlesWithin } from '../platform/time-limit.js';

/** How often it is asked while somebody waits. */
const LOOK_INTERVAL_MS = 10;
/** Who comes when so many wait is told at once that it is not there yet. */
const WAITING_MAX = 1_000;

/** Up to where each of these ledgers is applied; those that are not there are left out. */
export type RevisionsOf = (ledgers: readonly string[]) => Promise<ReadonlyMap<string, number>>;

interface Waiter {
  readonly ledger: string;
  readonly revision: number;
  readonly arrived: () => void;
  readonly failed: (error: unknown) => void;
}

export class Arrivals {
  private readonly waiting = new Set<Waiter>();
  private isLooking = false;

  constructor(private readonly revisionsOf: RevisionsOf) {}

  /** Whether the ledger is applied up to `revision` within the time. Rejects with what asking throws. */
  async of(ledger: string, revision: number, waitMs: number): Promise<boolean> {
    if (this.waiting.size >= WAITING_MAX) return false;
    let waiter: Waiter | undefined;
    const arrival = new Promise<void>((arrived, failed) => {
      waiter = { ledger, revision, arrived, failed };
      this.waiting.add(waiter);
    });
    void this.look();
    const isSettled = await settlesWithin(waitMs, arrival);
    if (waiter) this.waiting.delete(waiter);
    if (isSettled) await arrival;
    return isSettled;
  }

  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    while (this.waiting.size > 0) {
      await delay(LOOK_INTERVAL_MS);
      await this.lookOnce([...this.waiting]);
    }
    this.isLooking = false;
  }

  private async lookOnce(waiting: readonly Waiter[]): Promise<void> {
    try {
      const ledgers = new Set(waiting.map(({ ledger }) => ledger));
      const revisions = await this.revisionsOf([...ledgers]);
      for (const { ledger, revision, arrived } of waiting) {
        if ((revisions.get(ledger) ?? -1) >= revision) arrived();
      }
    } catch (error) {
      for (const { failed } of waiting) failed(error);
      for (const waiter of waiting) this.waiting.delete(waiter);
    }
  }
}
