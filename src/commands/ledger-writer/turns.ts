// How writers of several processes share one ledger without a lock. Every append states the revision it
// was decided on, so of two that write at once one has worked in vain. Therefore they take turns: who
// writes goes on for some groups, which needs nothing from the others, and then waits for them; who
// waits follows what is written until nobody writes, and then begins. All of it is courtesy: whoever
// errs loses an append and nothing else. A writer who is alone never waits.
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** Groups that a writer appends in a row while others want to write as well. */
const TURN_GROUPS = 10;
/** How long, in times of an append, nothing must come until nobody seems to write; half to one and a half. */
const LISTEN_APPENDS = 2;
/** Whoever had the turn is silent for so many times as long, so that the others hear it. */
const YIELD_LISTENS = 3;
/** Whoever waits longer for an append of their own takes no heed of others any more. */
const HEED_MAX_MS = 1_000;
/** Others who have not written for so long are forgotten. */
const SHARED_MS = 2_000;
/** How long an append takes: a guess before the first, and the most that counts, so that outages do not. */
const APPEND_MS = { guess: 5, max: 100 };
/** What one more append counts in the average of how long they take. */
const NEWEST_WEIGHT = 0.2;
const JITTER_STEPS = 1_000;

export class Turns {
  private othersWroteAt = -Infinity;
  private appendMs = APPEND_MS.guess;
  private triedAt = 0;
  private waitingSince: number | undefined;
  private groups = 0;

  /** @param catchUp folds what was written since; resolves to the ids of events. */
  constructor(private readonly catchUp: () => Promise<ReadonlySet<string>>) {}

  /** Before each group: resolves at once, unless it is the turn of others. */
  async begin(): Promise<void> {
    if (this.groups >= TURN_GROUPS && this.isShared) {
      await sleep(YIELD_LISTENS * this.listenMs());
      await this.listen();
    }
    this.triedAt = performance.now();
  }

  won(): void {
    const now = performance.now();
    const tookMs = Math.min(now - this.triedAt, APPEND_MS.max);
    this.appendMs += (tookMs - this.appendMs) * NEWEST_WEIGHT;
    this.waitingSince = undefined;
    this.groups += 1;
  }

  /** After an append that came too late, and the catching up: resolves when to try again. */
  async lost(): Promise<void> {
    const wasShared = this.isShared;
    this.othersWroteAt = performance.now();
    this.waitingSince ??= this.othersWroteAt;
    if (wasShared) await this.listen();
    this.groups = 0;
    this.triedAt = performance.now();
  }

  private get isShared(): boolean {
    return performance.now() - this.othersWroteAt < SHARED_MS;
  }

  /** Follows what others write until they pause, or for as long as one may be kept waiting. */
  private async listen(): Promise<void> {
    this.groups = 0;
    const since = (this.waitingSince ??= performance.now());
    while (performance.now() - since < HEED_MAX_MS) {
      await sleep(this.listenMs());
      const news = await this.catchUp();
      if (news.size === 0) return;
      this.othersWroteAt = performance.now();
    }
  }

  /** Not the same for all, so that one of those who wait is the first. */
  private listenMs(): number {
    const jitter = 0.5 + randomInt(JITTER_STEPS) / JITTER_STEPS;
    return this.appendMs * LISTEN_APPENDS * jitter;
  }
}
