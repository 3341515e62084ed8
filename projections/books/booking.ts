// The books as the read side keeps them, and what one event does to them. Read models are made of
// bookings: the sums are already added up, and checked against what the event itself recorded.
import { type AccountStatus } from '../../src/domain/ledger/account.js';
import { type AccountType, type Asset, type Freeze } from '../../src/domain/ledger/events.js';
import { type Metadata } from '../../src/domain/ledger/metadata.js';
import { type MinorUnits } from '../../src/domain/money.js';
import { type RecordedEvent } from '../../src/event-store/codec.js';

export interface LedgerBook {
  readonly id: string;
  readonly name: string;
  readonly assets: readonly Asset[];
  readonly openedAt: string;
  /** Revision of the last event applied, and its place in the log. */
  readonly revision: number;
  readonly position: bigint;
  readonly eventId: string;
}

export interface AccountBook {
  readonly ledger: string;
  readonly address: string;
  readonly type: AccountType;
  readonly currency: string;
  readonly scale: number;
  readonly status: AccountStatus;
  /** Null unless it is frozen. */
  readonly freeze: Freeze | null;
  /** Changes so far; the opening was the first. */
  readonly version: number;
  readonly debits: MinorUnits;
  readonly credits: MinorUnits;
  /** Decimal strings; null is without limit. */
  readonly overdraftLimit: string | null;
  readonly balanceLimit: string | null;
  readonly metadata: Metadata;
  readonly openedAt: string;
  /** Where the last change of the account was recorded. */
  readonly revision: number;
  readonly position: bigint;
  readonly eventId: string;
}

export type Side = 'debit' | 'credit';

/** One side of one leg, and what it left on the account. */
export interface Movement {
  readonly leg: number;
  readonly side: Side;
  readonly account: string;
  readonly counterparty: string;
  readonly amount: string;
  readonly currency: string;
  /** On the account's normal side, right after this movement. */
  readonly balance: string;
}

/** An event with what it did to the books. */
export interface Booking {
  readonly recorded: RecordedEvent;
  /** The ledger and every account touched, as they are afterwards. */
  readonly ledger: LedgerBook;
  readonly accounts: readonly AccountBook[];
  /** In the order of the legs, the debit of each before its credit. Empty but for posted transfers. */
  readonly movements: readonly Movement[];
}
