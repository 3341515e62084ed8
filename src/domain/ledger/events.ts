// What can happen in a ledger. Events are plain JSON data, exactly as they are stored: amounts are
// decimal strings with all the decimals of their currency, times are RFC 3339 in UTC.
import { type Refusal } from '../errors.js';

/** A currency beyond ISO 4217 that a ledger keeps accounts in: `{ code: 'BTC', scale: 8 }`. */
export interface Asset {
  readonly code: string;
  /** Decimals of its smallest unit, 0 to 18. */
  readonly scale: number;
}

export const ACCOUNT_TYPES = ['asset', 'liability', 'equity', 'income', 'expense'] as const;
export type AccountType = (typeof ACCOUNT_TYPES)[number];

/** Free key-value pairs of the caller's. */
export type Metadata = Readonly<Record<string, string>>;

/** One movement of one amount: debits one account, credits another, both in `currency`. */
export interface Leg {
  readonly debit: string;
  readonly credit: string;
  readonly amount: string;
  readonly currency: string;
}

/** What an account came to through a transfer, on its normal side. */
export interface ResultingBalance {
  readonly account: string;
  readonly currency: string;
  /** Changes of the account so far, this one included; its opening was the first. */
  readonly version: number;
  readonly balance: string;
  readonly available: string;
}

/** The first event of every ledger's stream. */
export interface LedgerOpened {
  readonly type: 'LedgerOpened';
  readonly data: {
    readonly ledger: string;
    readonly name: string;
    readonly assets: readonly Asset[];
    readonly recordedAt: string;
  };
}

export interface AccountOpened {
  readonly type: 'AccountOpened';
  readonly data: {
    readonly address: string;
    readonly type: AccountType;
    readonly currency: string;
    /** How far the balance may go below zero; null is without limit. */
    readonly overdraftLimit: string | null;
    /** How high the balance may go; null is without limit. */
    readonly balanceLimit: string | null;
    readonly metadata: Metadata;
    readonly recordedAt: string;
  };
}

/** What can be changed about an opened account. A field that is there has its whole new value. */
export interface AccountChanges {
  readonly overdraftLimit?: string | null;
  readonly balanceLimit?: string | null;
  readonly metadata?: Metadata;
}

/** What every event about one account that was opened says. */
interface AccountEventData {
  readonly address: string;
  /** Changes of the account so far, this one included. */
  readonly version: number;
  readonly recordedAt: string;
}

interface AccountChanged {
  readonly type: 'AccountChanged';
  readonly data: AccountEventData & { readonly changes: AccountChanges };
}

export const FREEZES = ['debits', 'all'] as const;
/**
 * What a frozen account refuses: `debits` every entry on its debit side, whichever way that moves the
 * balance (for a customer's account, a liability, debits are what takes money out); `all` any entry.
 */
export type Freeze = (typeof FREEZES)[number];

interface AccountFrozen {
  readonly type: 'AccountFrozen';
  readonly data: AccountEventData & { readonly freeze: Freeze; readonly reason: string };
}

interface AccountUnfrozen {
  readonly type: 'AccountUnfrozen';
  readonly data: AccountEventData & { readonly reason: string };
}

/** The last event of an account. */
interface AccountClosed {
  readonly type: 'AccountClosed';
  readonly data: AccountEventData & { readonly reason: string };
}

/** What happens to an account after it was opened, other than transfers. */
export type AccountEvent = AccountChanged | AccountFrozen | AccountUnfrozen | AccountClosed;

/** What the caller asked to move; recorded alike for posted and refused transfers. */
export interface TransferRequest {
  readonly id: string;
  readonly legs: readonly Leg[];
  /** When it counts in the books; `recordedAt` when the caller named no time. */
  readonly effectiveAt: string;
  readonly recordedAt: string;
  readonly reference: string | null;
  readonly description: string | null;
  readonly metadata: Metadata;
}

/** All legs happened, at once. `balances` lists every account touched, in order of first mention. */
export interface TransferPosted {
  readonly type: 'TransferPosted';
  readonly data: TransferRequest & { readonly balances: readonly ResultingBalance[] };
}

/** None of the legs happened, for good: the same id will be refused again. */
export interface TransferRefused {
  readonly type: 'TransferRefused';
  readonly data: TransferRequest & {
    readonly refusal: Refusal;
  };
}

export type LedgerEvent =
  LedgerOpened | AccountOpened | AccountEvent | TransferPosted | TransferRefused;
export type LedgerEventType = LedgerEvent['type'];

/** The account side on which an increase of the balance is entered. Assets and expenses grow by debits. */
export function normalSide(type: AccountType): 'debit' | 'credit' {
  return type === 'asset' || type === 'expense' ? 'debit' : 'credit';
}
