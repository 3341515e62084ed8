// How writers of several processes share one ledger without a lock. Every append states the revision it
// was decided on, so of two that write at once one has worked in vain. Therefore they take turns: a turn
// is one group with all that waits, and the next one is whoever wrote longest ago. Whoever is ahead and
// does not write is waited for, but not for long. All of it is courtesy: whoever errs loses an append and
// nothing else. A writer who is alone never waits.
import { setTimeout as sleep } from 'node:timers/promises';
import { GROUP_COMMANDS_MAX } from './decide-group.js';
import { type TurnOrder } from './turn-order.js';

/** How long each of those ahead is waited for, in turns. */
const PATIENCE_TURNS = 3;
/** When one looks first whether those ahead have written: so much before the last of them should have. */
const EARLY_TURNS = 0.5;
/** How long one waits from one look to the next, in turns. */
const LOOK_AGAIN_TURNS = 1 / 6;
/**
 * Commands that a newcomer tries with: such a group is soon decided, and not much is lost with it. Whoever
 * wrote less than that, and less than what waits here, is not worth all of the patience.
 */
const SMALL_GROUP = 8;
/** How long a turn takes: a guess before the first, and the most that counts, so that outages do not. */
const TURN_MS = { guess: 5, max: 200 };
/** What one more turn counts at least in the average of how long they take. */
const NEWEST_WEIGHT = 0.2;

interface Writer {
  /** Commands that wait to be decided. */
  waiting(): number;
  /** Brings the state and the order up to date. */
  catchUp(): Promise<unknown>;
}

export class Turns {
  private turnMs = TURN_MS.guess;
  private taken = 0;
  private begunAt = 0;

  constructor(
    private readonly order: TurnOrder,
    private readonly writer: Writer,
  ) {}

  /** Before each group: resolves at once, unless it is the turn of others. */
  async begin(): Promise<void> {
    for (;;) {
      const silentTurns = this.order.silentMs / this.turnMs;
      const patience = this.patienceTurns() - silentTurns;
      if (patience <= 0) break;
      const expected = this.order.ahead.length - EARLY_TURNS - silentTurns;
      await sleep(Math.min(patience, Math.max(expected, LOOK_AGAIN_TURNS)) * this.turnMs);
      await this.writer.catchUp();
    }
    this.begunAt = performance.now();
  }

  /** Commands that the next group may have. */
  get commandsMax(): number {
    return this.order.isNew ? SMALL_GROUP : GROUP_COMMANDS_MAX;
  }

  /** After an append of so many events. */
  won(events: number): void {
    this.order.appended(events);
    this.end();
  }

  /** After an append that came too late, and the catching up: resolves when to try again. */
  async lost(): Promise<void> {
    this.end();
    await this.begin();
  }

  private end(): void {
    const tookMs = Math.min(performance.now() - this.begunAt, TURN_MS.max);
    this.taken += 1;
    this.turnMs += (tookMs - this.turnMs) * Math.max(NEWEST_WEIGHT, 1 / this.taken);
  }

  private patienceTurns(): number {
    const worthIt = Math.min(SMALL_GROUP, this.writer.waiting());
    const worths = this.order.ahead.map((events) => Math.min(events / worthIt, 1));
    return PATIENCE_TURNS * worths.reduce((sum, worth) => sum + worth, 0);
  }
}
