// Keeps the snapshot of one ledger: starts the fold from it, and brings it up to date behind the fold.
// What is stored is trusted only if it was folded by this version of the code, from this very log.
import { FOLD_VERSION } from '../../domain/ledger/evolve.js';
import { type SettledState } from '../../domain/ledger/state.js';
import { restoreSnapshot } from './restore-snapshot.js';
import {
  SnapshotDamaged,
  type SnapshotHead,
  type SnapshotIncrement,
  type SnapshotStore,
} from './snapshot-store.js';
import { type Snapshots } from './snapshots.js';
import { RECORD_TABLES, VALUE_TABLES, summaryOf } from './state-tables.js';
import { UnsavedChanges } from './unsaved-changes.js';

/** New events after which a snapshot is brought up to date: whoever starts from it reads so many. */
const SNAPSHOT_EVERY_EVENTS = 10_000;

/** A ledger that is folded up to `state.revision`, by an event with this hash. */
interface Folded {
  readonly ledger: string;
  readonly state: SettledState;
  readonly hash: string;
  /** The hash of the event that the log has at a revision. Throws EventStoreUnavailable. */
  hashAt(revision: number): Promise<string | undefined>;
}

export class SnapshotKeeper {
  /** What is stored, as far as it is known here. */
  private stored: SnapshotHead | undefined;
  /** What was found to be damaged, should it still be there. */
  private damaged: (SnapshotHead & { readonly reason: string }) | undefined;
  private unsaved = new UnsavedChanges(-1);
  private saving: Promise<void> | undefined;

  constructor(
    private readonly folded: Folded,
    private readonly snapshots: Snapshots,
  ) {}

  /**
   * Restores the snapshot into an empty state; undefined when there is none that fits, and the state is then
   * of no use. Throws EventStoreUnavailable.
   */
  async load(state: SettledState): Promise<SnapshotHead | undefined> {
    const { ledger } = this.folded;
    const head = await this.snapshots.head(ledger);
    if (!head) return undefined;
    const reason = await this.misfit(head);
    if (reason !== undefined) {
      // Nobody waits for the end of a snapshot that is of no use.
      void this.snapshots.ignore(ledger, head, reason);
      return undefined;
    }
    const restored = await this.snapshots.attempt('read', ledger, (store) =>
      this.restored(store, head, state),
    );
    if (!restored) return undefined;
    this.stored = head;
    this.unsaved = new UnsavedChanges(head.revision);
    return head;
  }

  /** To be called when the fold has come further, with nobody waiting for what follows. */
  noteProgress(): void {
    if (this.newEvents < SNAPSHOT_EVERY_EVENTS || this.saving || this.snapshots.isResting) return;
    void this.save(SNAPSHOT_EVERY_EVENTS);
  }

  /** Brings the snapshot up to date if there are so many new events. Never rejects. */
  save(newEventsMin: number): Promise<void> {
    if (this.newEvents < newEventsMin) return Promise.resolve();
    this.saving ??= this.snapshots
      .inTurn(this.folded.ledger, (store) => this.saveTo(store, newEventsMin))
      .finally(() => (this.saving = undefined));
    return this.saving;
  }

  /** The fold starts again from nothing, perhaps of another log than before. */
  forget(): void {
    this.stored = undefined;
    this.unsaved = new UnsavedChanges(-1);
  }

  private get newEvents(): number {
    return this.folded.state.revision - (this.stored?.revision ?? -1);
  }

  private async restored(store: SnapshotStore, head: SnapshotHead, state: SettledState) {
    const { ledger } = this.folded;
    try {
      await restoreSnapshot(store, ledger, head, state);
      return true;
    } catch (error) {
      if (!(error instanceof SnapshotDamaged)) throw error;
      this.damaged = { ...head, reason: error.message };
      void this.snapshots.ignore(ledger, head, error.message);
      return false;
    }
  }

  private async saveTo(store: SnapshotStore, newEventsMin: number): Promise<void> {
    const { ledger } = this.folded;
    this.learn(await this.usableHead(store));
    if (this.newEvents < newEventsMin) return;
    this.unsaved.closeSpan(this.folded.state);
    const increment = this.increment(this.stored);
    if (increment.from === undefined && this.stored) await store.remove(ledger, this.stored);
    const done = await store.advance(ledger, increment);
    this.learn(done ? increment.to : await this.usableHead(store));
  }

  private learn(head: SnapshotHead | undefined): void {
    this.stored = head;
    if (head) this.unsaved.stored(head.revision);
  }

  /** What is stored; removes what does not fit. */
  private async usableHead(store: SnapshotStore): Promise<SnapshotHead | undefined> {
    const { ledger } = this.folded;
    const head = await store.head(ledger);
    const reason = head && (await this.misfit(head));
    if (!head || reason === undefined) return head;
    await this.snapshots.ignore(ledger, head, reason);
    return undefined;
  }

  /** Why a snapshot is not of this ledger as it is folded here; undefined when it is. */
  private async misfit(head: SnapshotHead): Promise<string | undefined> {
    const { foldVersion, revision } = head;
    if (foldVersion !== FOLD_VERSION) {
      return `it was folded by version ${foldVersion} of the fold, and this is ${FOLD_VERSION}`;
    }
    if (this.damaged && isSame(head, this.damaged)) return this.damaged.reason;
    if (this.stored && isSame(head, this.stored)) return undefined;
    if ((await this.folded.hashAt(revision)) === head.hash) return undefined;
    return `the log has another event at revision ${revision}, or none`;
  }

  /** Everything that is new, as it is at this moment; whole when it cannot be told what is new. */
  private increment(stored: SnapshotHead | undefined): SnapshotIncrement {
    const { state, hash } = this.folded;
    const changed = this.unsaved.since(stored?.revision ?? -1);
    const from = changed ? stored : undefined;
    const values = VALUE_TABLES.map((table) => table.cut(state, changed?.get(table.map) ?? 'all'));
    const records = RECORD_TABLES.map((table) => ({
      map: table.map,
      parts: [...table.of(state).recordsAfter(from?.revision ?? -1)],
    }));
    return {
      from,
      to: { foldVersion: FOLD_VERSION, revision: state.revision, hash },
      summary: summaryOf(state),
      values: inOrder(values),
      records: records.flatMap(({ map, parts }) => parts.map((bytes) => ({ map, bytes }))),
    };
  }
}

function isSame(one: SnapshotHead, other: SnapshotHead): boolean {
  return one.revision === other.revision && one.hash === other.hash;
}

function* inOrder<T>(parts: readonly Iterable<T>[]): Generator<T> {
  for (const part of parts) yield* part;
}
