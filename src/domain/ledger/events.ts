// What can happen in a ledger. Events are plain JSON data, exactly as they are stored: amounts are
// decimal strings with all the decimals of their currency, times are RFC 3339 in UTC.
import { type Metadata } from './metadata.js';
import { type RefusedEvent, type TransferEvent } from './transfer-events.js';

/** A currency beyond ISO 4217 that a ledger keeps accounts in: `{ code: 'BTC', scale: 8 }`. */
export interface Asset {
  readonly code: string;
  /** Decimals of its smallest unit, 0 to 18. */
  readonly scale: number;
}

export const ACCOUNT_TYPES = ['asset', 'liability', 'equity', 'income', 'expense'] as const;
export type AccountType = (typeof ACCOUNT_TYPES)[number];

/** What a ledger asks of the transfers in it, fixed when it is opened. */
export interface LedgerRules {
  /** Whether a `reference` may be used once only. */
  readonly uniqueReferences: boolean;
  /** How many days before its recording a transfer may count in the books; null is without limit. */
  readonly pastDaysMax: number | null;
  /** The same, after its recording. */
  readonly futureDaysMax: number | null;
}

/** The first event of every ledger's stream. */
export interface LedgerOpened {
  readonly type: 'LedgerOpened';
  readonly data: {
    readonly ledger: string;
    readonly name: string;
    readonly assets: readonly Asset[];
    readonly rules: LedgerRules;
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

/** No transfer may count on this day (UTC) or any before it from now on. */
export interface PeriodClosed {
  readonly type: 'PeriodClosed';
  readonly data: {
    /** The last day closed: `2026-06-30`. */
    readonly through: string;
    readonly reason: string;
    readonly recordedAt: string;
  };
}

/** Days that were closed are open again. */
export interface PeriodReopened {
  readonly type: 'PeriodReopened';
  readonly data: {
    /** The last day that stays closed; null when all are open. */
    readonly closedThrough: string | null;
    readonly reason: string;
    readonly recordedAt: string;
  };
}

export type LedgerEvent =
  | LedgerOpened
  | AccountOpened
  | AccountEvent
  | PeriodClosed
  | PeriodReopened
  | TransferEvent
  | RefusedEvent;
export type LedgerEventType = LedgerEvent['type'];

/** The account side on which an increase of the balance is entered. Assets and expenses grow by debits. */
export function normalSide(type: AccountType): 'debit' | 'credit' {
  return type === 'asset' || type === 'expense' ? 'debit' : 'credit';
}
