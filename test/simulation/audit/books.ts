// The auditor's own books: every account as it was after every event that touched it, and what is known
// now of transfers, periods and whatever else decisions depend on.
import { type AccountState } from './account-state.js';
import { type TransferState } from './transfer-state.js';

const ISO_SCALES: Readonly<Record<string, number>> = { EUR: 2, USD: 2, JPY: 0 };

interface Entry {
  readonly revision: number;
  readonly state: AccountState;
}

export class Books {
  /** Decimals by currency. */
  readonly scales = new Map(Object.entries(ISO_SCALES));
  /** Debits less credits of everything entered, posted and pending, by currency. */
  readonly differences = new Map<string, bigint>();
  /** Where each id of a transfer, an act on one or a batch was decided. */
  readonly decided = new Map<string, number>();
  readonly transfers = new Map<string, TransferState>();
  /** Where each reference was used first, in a ledger where it is unique. */
  readonly references = new Map<string, number>();
  uniqueReferences = false;
  /** By rounding account, what is left of exchanges: a text as recorded. */
  readonly carried = new Map<string, string>();
  /** The last day that is closed, after each event that changed it. */
  private readonly closings: { readonly revision: number; readonly through: string | null }[] = [];
  private readonly histories = new Map<string, Entry[]>();

  /** The last day that is closed now. */
  get closedThrough(): string | null {
    return this.closings.at(-1)?.through ?? null;
  }

  /** As it was right after the event at this revision. */
  closedThroughAt(revision: number): string | null {
    return this.closings.findLast((entry) => entry.revision <= revision)?.through ?? null;
  }

  /** After each event that changed it from one revision, not included, to another. */
  closedBetween(first: number, last: number): (string | null)[] {
    return this.closings
      .filter(({ revision }) => revision > first && revision <= last)
      .map(({ through }) => through);
  }

  closeThrough(revision: number, through: string | null): void {
    this.closings.push({ revision, through });
  }

  addresses(): string[] {
    return [...this.histories.keys()];
  }

  enter(revision: number, state: AccountState): void {
    const { address, currency } = state;
    const change = excessOf(state) - excessOf(this.latest(address));
    this.differences.set(currency, (this.differences.get(currency) ?? 0n) + change);
    const history = this.histories.get(address);
    if (history) history.push({ revision, state });
    else this.histories.set(address, [{ revision, state }]);
  }

  latest(address: string): AccountState | undefined {
    return this.histories.get(address)?.at(-1)?.state;
  }

  /** As it was right after the event at this revision. */
  at(address: string, revision: number): AccountState | undefined {
    return this.histories.get(address)?.findLast((entry) => entry.revision <= revision)?.state;
  }

  /** Every state that an account had from one revision to another, both included. */
  between(address: string, first: number, last: number): AccountState[] {
    const changes = this.histories
      .get(address)
      ?.filter(({ revision }) => revision > first && revision <= last)
      .map(({ state }) => state);
    const before = this.at(address, first);
    return [...(before ? [before] : []), ...(changes ?? [])];
  }
}

// Posted and pending are kept apart by a factor that no sum reaches, so that one cannot make up for the
// other.
const PENDING_FACTOR = 10n ** 60n;

function excessOf(state: AccountState | undefined): bigint {
  if (!state) return 0n;
  const pending = state.pendingDebits - state.pendingCredits;
  return state.debits - state.credits + PENDING_FACTOR * pending;
}
