// The port to where snapshots of folded ledgers are kept. A snapshot is a cache: it may be missing, old
// or damaged at any time, and whatever the store throws means no more than that there is none.

/** Which fold of which log a snapshot holds, and up to where. */
export interface SnapshotHead {
  /** FOLD_VERSION of the code that folded it. */
  readonly foldVersion: number;
  /** Of the last event folded, whose hash this is. */
  readonly revision: number;
  readonly hash: string;
}

/** A value under its key in one of the state's maps, as text; null when there is none any more. */
export interface SnapshotValue {
  readonly map: string;
  readonly key: string;
  readonly text: string | null;
}

/** Packed records that one of the state's maps has grown by. */
export interface SnapshotRecords {
  readonly map: string;
  readonly bytes: Uint8Array;
}

/** What leads from one snapshot of a ledger to a newer one. */
export interface SnapshotIncrement {
  /** What is stored now; undefined when nothing is. */
  readonly from: SnapshotHead | undefined;
  readonly to: SnapshotHead;
  /** All else that is to be kept: small, and replaced whole. */
  readonly summary: string;
  readonly values: Iterable<SnapshotValue>;
  readonly records: Iterable<SnapshotRecords>;
}

/** A snapshot in the order in which it is read. */
export type SnapshotPart =
  | { readonly kind: 'summary'; readonly summary: string }
  | {
      readonly kind: 'values';
      readonly map: string;
      readonly entries: readonly (readonly [key: string, text: string])[];
    }
  | ({ readonly kind: 'records' } & SnapshotRecords);

/** What was read is not what was written. */
export class SnapshotDamaged extends Error {
  override readonly name = 'SnapshotDamaged';
}

export interface SnapshotStore {
  /** Undefined when there is no snapshot of the ledger. */
  head(ledger: string): Promise<SnapshotHead | undefined>;

  /**
   * Hands on every part of the snapshot with this head, one after the other, summary first.
   * Throws SnapshotDamaged, also when it is no longer there, and what `take` throws.
   */
  read(
    ledger: string,
    head: SnapshotHead,
    take: (part: SnapshotPart) => Promise<void>,
  ): Promise<void>;

  /**
   * Stores all of the increment or nothing. False when what is stored is not `from`: somebody else has
   * written. Takes from the increment no faster than it writes, and lets other work go on meanwhile.
   */
  advance(ledger: string, increment: SnapshotIncrement): Promise<boolean>;

  /** Removes the snapshot if it still has this head. */
  remove(ledger: string, head: SnapshotHead): Promise<void>;
}
