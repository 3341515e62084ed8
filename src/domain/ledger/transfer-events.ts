// What can happen to money. Amounts are decimal strings with all the decimals of their currency, times
// are RFC 3339 in UTC with milliseconds. Fields marked `?` are absent where they say nothing.
import { type Refusal } from '../errors.js';
import { type RoundingMode } from '../exchange-rate.js';
import { type Metadata } from './metadata.js';

/** One movement of one amount: debits one account, credits another, both in `currency`. */
export interface Leg {
  readonly debit: string;
  readonly credit: string;
  readonly amount: string;
  readonly currency: string;
  /** Versions of the two accounts that the caller has seen; another one refuses the transfer. */
  readonly expectedVersions?: ExpectedVersions;
}

export interface ExpectedVersions {
  readonly debit?: number;
  readonly credit?: number;
}

/** What an amount has to be, all of it that is given: at least, at most, exactly. */
export interface Bounds {
  readonly gte?: string;
  readonly lte?: string;
  readonly eq?: string;
}

/** What the caller wants an account to be right before the transfer; otherwise it is refused. */
export interface Condition {
  readonly account: string;
  readonly version?: number;
  readonly balance?: Bounds;
  readonly available?: Bounds;
}

/** A share of one leg of a transfer. */
export interface Part {
  /** Which leg, counted from 0. */
  readonly leg: number;
  readonly amount: string;
}

/** What became of one leg so far. `reversed` is never more than `posted`. */
export interface LegTotals {
  readonly held: string;
  readonly posted: string;
  readonly reversed: string;
}

/** What an account came to, on its normal side. */
export interface ResultingBalance {
  readonly account: string;
  readonly currency: string;
  /** Changes of the account so far, this one included; its opening was the first. */
  readonly version: number;
  readonly balance: string;
  readonly available: string;
}

/** Of a transfer that is to be captured later. */
export interface Pending {
  /** From this time on it can no longer be captured; null is without end. */
  readonly expiresAt: string | null;
}

/** Of a transfer that turns back what another one posted; its legs are those of the other, swapped. */
export interface Reverses {
  readonly transfer: string;
  /** What was asked for; null is all that is left to reverse. */
  readonly parts: readonly Part[] | null;
  /** For each leg of the reversal, the leg of the other transfer that it turns back. */
  readonly legs: readonly number[];
  readonly reason: string;
}

/** Of a transfer between two currencies. */
export interface Exchange {
  /** The account that pays and the one that gets. */
  readonly from: string;
  readonly to: string;
  /** The liquidity accounts: one takes what is sold, the other gives what is bought. */
  readonly via: { readonly sell: string; readonly buy: string };
  /** Which of the two amounts the caller gave; the other one follows from the rate. */
  readonly given: 'sell' | 'buy';
  readonly sell: { readonly amount: string; readonly currency: string };
  readonly buy: { readonly amount: string; readonly currency: string };
  /** Units of the bought currency for one unit of the sold one, as the caller wrote it. */
  readonly rate: string;
  /** Where the rate comes from, in the caller's words. */
  readonly source: string | null;
  readonly rounding: { readonly mode: RoundingMode; readonly account: string };
  /**
   * What rounding leaves, exactly, in units of the bought currency: `exact` is sell times rate less buy;
   * with what the rounding account carried before it comes to `posted`, in whole smallest units, and
   * `carried`, which waits for the next exchange.
   */
  readonly remainder: {
    readonly exact: string;
    readonly posted: string;
    readonly carried: string;
  };
}

/** What the caller asked to move; recorded alike for posted, pending and refused transfers. */
export interface TransferRequest {
  readonly id: string;
  readonly legs: readonly Leg[];
  /** When it counts in the books; `recordedAt` when the caller named no time. */
  readonly effectiveAt: string;
  readonly recordedAt: string;
  readonly reference: string | null;
  readonly description: string | null;
  readonly metadata: Metadata;
  readonly conditions?: readonly Condition[];
  readonly pending?: Pending;
  readonly reverses?: Reverses;
  readonly exchange?: Exchange;
}

/** All legs happened, at once. `balances` lists every account touched, in order of first mention. */
export interface TransferPosted {
  readonly type: 'TransferPosted';
  readonly data: TransferRequest & {
    readonly balances: readonly ResultingBalance[];
    /** Of a reversal: what became of each leg of the transfer that it turns back. */
    readonly totals?: readonly LegTotals[];
  };
}

/** The amounts of all legs are reserved on both sides, so that capturing them can break no rule. */
export interface TransferHeld {
  readonly type: 'TransferHeld';
  readonly data: TransferRequest & {
    readonly pending: Pending;
    readonly balances: readonly ResultingBalance[];
  };
}

/** None of the legs happened, for good: the same id will be refused again. */
export interface TransferRefused {
  readonly type: 'TransferRefused';
  readonly data: TransferRequest & { readonly refusal: Refusal };
}

/** What every act on a transfer leaves: of each of its legs, and of every account touched. */
interface Acted {
  /** What was held, and is free again without having moved. */
  readonly released: readonly LegShare[];
  readonly totals: readonly LegTotals[];
  readonly balances: readonly ResultingBalance[];
}

/** What the caller asked to capture. */
export interface CaptureRequest {
  readonly id: string;
  /** The pending transfer. */
  readonly transfer: string;
  /** Null is all that is held. */
  readonly parts: readonly Part[] | null;
  /** Whether what is held beyond the parts is released. */
  readonly final: boolean;
  readonly effectiveAt: string;
  readonly recordedAt: string;
  readonly description: string | null;
  readonly metadata: Metadata;
}

/** A leg of a transfer, with the amount of it that an act takes. */
export interface LegShare extends Leg {
  /** Which leg, counted from 0. */
  readonly leg: number;
}

/** A pending transfer was captured, wholly or in part: `legs` is what moved. */
export interface TransferCaptured {
  readonly type: 'TransferCaptured';
  readonly data: CaptureRequest & Acted & { readonly legs: readonly LegShare[] };
}

export interface CaptureRefused {
  readonly type: 'CaptureRefused';
  readonly data: CaptureRequest & { readonly refusal: Refusal };
}

/** What the caller asked to release. */
export interface VoidRequest {
  readonly id: string;
  /** The pending transfer. */
  readonly transfer: string;
  /** Null is all that is held. */
  readonly parts: readonly Part[] | null;
  readonly reason: string;
  readonly recordedAt: string;
}

/** What a pending transfer held was released, wholly or in part. */
export interface TransferVoided {
  readonly type: 'TransferVoided';
  readonly data: VoidRequest & Acted;
}

export interface VoidRefused {
  readonly type: 'VoidRefused';
  readonly data: VoidRequest & { readonly refusal: Refusal };
}

/** Nobody captured what was still held in time; it is released. */
export interface TransferExpired {
  readonly type: 'TransferExpired';
  readonly data: Acted & {
    readonly transfer: string;
    readonly expiresAt: string;
    readonly recordedAt: string;
  };
}

/**
 * All of these transfers happened, one after the other, at once: each posted, or held when it has
 * `pending`. `balances` is what all of them together left.
 */
export interface BatchPosted {
  readonly type: 'BatchPosted';
  readonly data: {
    readonly id: string;
    readonly transfers: readonly TransferRequest[];
    readonly recordedAt: string;
    readonly balances: readonly ResultingBalance[];
  };
}

/** One transfer of a batch that could not be made. */
export interface BatchItemRefusal {
  /** Its place in the batch, counted from 0. */
  readonly index: number;
  readonly id: string;
  readonly refusal: Refusal;
}

/** None of these transfers happened, for those among them that were refused. */
export interface BatchRefused {
  readonly type: 'BatchRefused';
  readonly data: {
    readonly id: string;
    readonly transfers: readonly TransferRequest[];
    readonly recordedAt: string;
    readonly refusal: Refusal;
    /** Every transfer that failed, each as seen after those before it that did not. */
    readonly refusals: readonly BatchItemRefusal[];
  };
}

/** Money moved, was reserved or released. */
export type TransferEvent =
  TransferPosted | TransferHeld | TransferCaptured | TransferVoided | TransferExpired | BatchPosted;

/** A well-formed request was turned down for good. */
export type RefusedEvent = TransferRefused | CaptureRefused | VoidRefused | BatchRefused;
