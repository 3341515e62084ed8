// The way of all ledgers of a process to their snapshots. Nothing here ever fails: without a snapshot the
// log is read from its start, which is slow and right. A store that fails is left alone for a while, so
// that not every ledger has to wait for it.
import { type Logger } from 'pino';
import { within } from '../../platform/time-limit.js';
import { type SnapshotHead, type SnapshotStore } from './snapshot-store.js';

/** How long a store that failed is left alone. */
const REST_MS = 15_000;
/** How long a first command waits to learn whether there is a snapshot. */
const HEAD_TIMEOUT_MS = 2_000;
/** Ledgers that may wait until theirs is written; more go without. */
const WRITES_WAITING_MAX = 16;

export class Snapshots {
  private restsUntil = 0;
  private waiting = 0;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: SnapshotStore,
    private readonly log: Logger,
  ) {}

  /** Whether the store is left alone for now. */
  get isResting(): boolean {
    return performance.now() < this.restsUntil;
  }

  /** What `work` comes to; undefined when the store rests or fails. */
  async attempt<T>(
    what: string,
    ledger: string,
    work: (store: SnapshotStore) => Promise<T>,
  ): Promise<T | undefined> {
    if (this.isResting) return undefined;
    try {
      return await work(this.store);
    } catch (error) {
      this.restsUntil = performance.now() + REST_MS;
      this.log.warn({ ledger, reason: String(error) }, `a snapshot could not be ${what}`);
      return undefined;
    }
  }

  head(ledger: string): Promise<SnapshotHead | undefined> {
    return this.attempt('found', ledger, (store) => within(HEAD_TIMEOUT_MS, store.head(ledger)));
  }

  /** Writing is for one ledger at a time. */
  async inTurn(ledger: string, work: (store: SnapshotStore) => Promise<void>): Promise<void> {
    if (this.waiting >= WRITES_WAITING_MAX) return;
    this.waiting += 1;
    const mine = this.turn.then(() => this.attempt('written', ledger, work));
    this.turn = mine;
    await mine;
    this.waiting -= 1;
  }

  /** Says why a snapshot is of no use, and removes it: a better one is written in time. */
  async ignore(ledger: string, head: SnapshotHead, reason: string): Promise<void> {
    this.log.warn({ ledger, revision: head.revision, reason }, 'a snapshot is ignored');
    await this.attempt('removed', ledger, (store) => store.remove(ledger, head));
  }
}
