// The books while something is booked: what is changed comes into force as a whole, or not at all. A batch
// is a draft in which one transfer after the other is booked in a draft of its own.
import { recordedUnits } from './amounts.js';
import { type AccountState } from './account-state.js';
import { type Books } from './books.js';
import { type Leg, type TransferState } from './transfer-state.js';

/** What an event moves on both accounts of a leg. */
export interface Movement {
  readonly leg: Leg;
  readonly posted: bigint;
  readonly pending: bigint;
}

export interface Touched {
  readonly before: AccountState;
  readonly after: AccountState;
}

export class Draft {
  private readonly accounts = new Map<string, Touched>();
  private readonly transfers = new Map<string, TransferState>();
  private readonly references = new Set<string>();

  constructor(
    readonly books: Books,
    private readonly below?: Draft,
    /** As the books were after the event at this revision; as they are when absent. */
    private readonly asOf?: number,
  ) {}

  account(address: string): AccountState | undefined {
    const own = this.accounts.get(address)?.after;
    if (own ?? this.below) return own ?? this.below?.account(address);
    return this.books.at(address, this.asOf ?? Infinity);
  }

  transfer(id: string): TransferState | undefined {
    return this.transfers.get(id) ?? this.below?.transfer(id) ?? this.books.transfers.get(id);
  }

  /** The revision at which a reference was used; that of this very event when it is in this draft. */
  referenceUsedAt(reference: string, revision: number): number | undefined {
    if (this.references.has(reference)) return revision;
    if (this.below) return this.below.referenceUsedAt(reference, revision);
    const used = this.books.references.get(reference);
    return used === undefined || used > (this.asOf ?? Infinity) ? undefined : used;
  }

  /** The last day that is closed. */
  closedThrough(): string | null {
    return this.books.closedThroughAt(this.asOf ?? Infinity);
  }

  setTransfer(transfer: TransferState): void {
    this.transfers.set(transfer.id, transfer);
  }

  useReference(reference: string | null): void {
    if (reference !== null && this.books.uniqueReferences) this.references.add(reference);
  }

  /** Every account touched so far, in order of first mention. */
  touched(): Touched[] {
    return [...this.accounts.values()];
  }

  /** Moves on accounts; throws when there are none. Every account's version is one higher afterwards. */
  move(movements: readonly Movement[]): void {
    for (const { leg, posted, pending } of movements) {
      this.change(leg.debit, (account) => ({
        ...account,
        debits: account.debits + posted,
        pendingDebits: account.pendingDebits + pending,
      }));
      this.change(leg.credit, (account) => ({
        ...account,
        credits: account.credits + posted,
        pendingCredits: account.pendingCredits + pending,
      }));
    }
  }

  private change(address: string, change: (account: AccountState) => AccountState): void {
    const touched = this.accounts.get(address);
    const before = touched?.before ?? this.account(address);
    if (!before) throw new RangeError(`moves money on ${address}, which was never opened`);
    const after = touched?.after ?? { ...before, version: before.version + 1 };
    this.accounts.set(address, { before, after: change(after) });
  }

  /** Takes over what a draft upon this one has changed. */
  take(upper: Draft): void {
    for (const [address, { before, after }] of upper.accounts) {
      this.accounts.set(address, { before: this.accounts.get(address)?.before ?? before, after });
    }
    for (const transfer of upper.transfers.values()) this.setTransfer(transfer);
    for (const reference of upper.references) this.references.add(reference);
  }

  /** Enters all of it into the books. */
  enter(revision: number): void {
    for (const { after } of this.accounts.values()) this.books.enter(revision, after);
    for (const transfer of this.transfers.values()) {
      this.books.transfers.set(transfer.id, transfer);
    }
    for (const reference of this.references) this.books.references.set(reference, revision);
  }
}

/** What moves when legs are posted, or only held. */
export function movementsOf(
  legs: readonly Leg[],
  { scales }: Books,
  how: 'posted' | 'pending',
): Movement[] {
  return legs.map((leg) => {
    const units = recordedUnits(leg.amount, scales.get(leg.currency) ?? 0);
    const none = { leg, posted: 0n, pending: 0n };
    return { ...none, [how]: units };
  });
}
