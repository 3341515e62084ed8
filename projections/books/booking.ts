// The books as the read side keeps them, and what one event does to them. Read models are made of
// bookings: the sums are already added up, and checked against what the event itself recorded.
import { type Refusal } from '../../src/domain/errors.js';
import { type AccountStatus, type Sums } from '../../src/domain/ledger/account.js';
import {
  type AccountType,
  type Asset,
  type Freeze,
  type LedgerRules,
} from '../../src/domain/ledger/events.js';
import { type Metadata } from '../../src/domain/ledger/metadata.js';
import { type TransferState } from '../../src/domain/ledger/transfer.js';
import { type LegTotals, type TransferRequest } from '../../src/domain/ledger/transfer-events.js';
import { type RecordedEvent } from '../../src/event-store/codec.js';

/** Where an event stands in its ledger and in the whole log. */
export interface EventPlace {
  readonly revision: number;
  readonly position: bigint;
  readonly eventId: string;
}

/** With the place of the last event applied. */
export interface LedgerBook extends EventPlace {
  readonly id: string;
  readonly name: string;
  readonly assets: readonly Asset[];
  readonly rules: LedgerRules;
  /** The last day that is closed, `2026-06-30`; null when none is. */
  readonly closedThrough: string | null;
  readonly openedAt: string;
}

/** With the place of its last change. */
export interface AccountBook extends EventPlace {
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
  readonly posted: Sums;
  readonly pending: Sums;
  /** Decimal strings; null is without limit. */
  readonly overdraftLimit: string | null;
  readonly balanceLimit: string | null;
  readonly metadata: Metadata;
  readonly openedAt: string;
  /** Of its entries, in their order: see digest.ts. */
  readonly digest: string;
}

/** With the place where it was decided. */
export interface TransferBook extends EventPlace {
  readonly ledger: string;
  readonly request: TransferRequest;
  readonly state: TransferState;
  /** One for each leg, in the same order. */
  readonly totals: readonly LegTotals[];
  /** The atomic batch that it was made in, and its place there, counted from 0. */
  readonly batch: { readonly id: string; readonly index: number } | null;
  /** Null unless it was refused. */
  readonly refusal: Refusal | null;
  /** Position of the last event that changed its state or totals. */
  readonly statePosition: bigint;
}

export type Side = 'debit' | 'credit';

/** One side of one leg that was posted, and what it left on the account. */
export interface Movement {
  /** The transfer that the leg is of; of a capture, the one that was pending. */
  readonly transferId: string;
  /** Place of that transfer in its batch; 0 when the event is not about a batch. */
  readonly batchIndex: number;
  readonly leg: number;
  readonly side: Side;
  readonly account: string;
  readonly accountType: AccountType;
  readonly counterparty: string;
  readonly amount: string;
  readonly currency: string;
  /** On the account's normal side, right after this movement. */
  readonly balance: string;
  readonly effectiveAt: string;
  readonly description: string | null;
}

/** An event with what it did to the books. */
export interface Booking {
  readonly recorded: RecordedEvent;
  /** The ledger and every account touched, as they are afterwards. */
  readonly ledger: LedgerBook;
  readonly accounts: readonly AccountBook[];
  /** The transfers that the event decided, in its order. */
  readonly decided: readonly TransferBook[];
  /** The transfer decided before that the event acted on, as it is afterwards. */
  readonly actedOn: TransferBook | undefined;
  /** In the order of the legs, the debit of each before its credit. */
  readonly movements: readonly Movement[];
}
