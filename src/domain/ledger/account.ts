// An account as the fold keeps it, and what can be read off it.
import { InvariantViolation } from '../errors.js';
import { type MinorUnits, formatAmount } from '../money.js';
import { type AccountType, type Freeze, normalSide } from './events.js';
import { type Metadata } from './metadata.js';

/** One to ten segments of letters, digits, `_` and `-`, joined by colons: `customers:42:wallet`. */
export const ADDRESS_PATTERN = /^[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_-]{1,64}){0,9}$/;
export const ADDRESS_SEGMENTS_MAX = 10;
export const ADDRESS_LENGTH_MAX = 255;
export const ADDRESS_EXPECTED =
  'an address of 1 to 10 segments of letters, digits, "_" and "-", joined by ":", ' +
  `at most ${ADDRESS_LENGTH_MAX} characters, such as "customers:42:wallet"`;

export const ACCOUNT_STATUSES = ['open', 'frozen', 'closed'] as const;
/** `closed` is final: nothing is entered on the account and nothing about it changes any more. */
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

/** Running sums of one side of the books, in minor units of the account's currency. */
export interface Sums {
  readonly debits: MinorUnits;
  readonly credits: MinorUnits;
}

export interface Account {
  readonly address: string;
  readonly type: AccountType;
  readonly currency: string;
  readonly scale: number;
  readonly status: AccountStatus;
  /** What a frozen account refuses; null unless it is frozen. */
  readonly freeze: Freeze | null;
  /** Changes so far; the opening was the first. */
  readonly version: number;
  readonly posted: Sums;
  readonly pending: Sums;
  /** null is without limit. */
  readonly overdraftLimit: MinorUnits | null;
  readonly balanceLimit: MinorUnits | null;
  readonly metadata: Metadata;
  readonly openedAt: string;
  /** Where in the ledger's stream the account was opened. */
  readonly openedRevision: number;
}

/** What was posted, counted on the account's normal side. */
export function balanceOf(account: Account): MinorUnits {
  return onNormalSide(account.type, account.posted);
}

/** The balance less what pending transfers may still take away. */
export function availableOf(account: Account): MinorUnits {
  const { debits, credits } = account.pending;
  return balanceOf(account) - (normalSide(account.type) === 'debit' ? credits : debits);
}

/**
 * The balance with everything that pending transfers may still add to it, and nothing that they may
 * take away.
 */
export function ceilingOf(account: Account): MinorUnits {
  const { debits, credits } = account.pending;
  return balanceOf(account) + (normalSide(account.type) === 'debit' ? debits : credits);
}

/** Whether nothing is on the account and nothing is held. */
export function isEmpty({ posted, pending }: Account): boolean {
  return posted.debits === posted.credits && pending.debits === 0n && pending.credits === 0n;
}

/** `closed` is final: nothing may follow in the log. */
export function assertNotClosed({ address, status }: Account): void {
  if (status !== 'closed') return;
  throw new InvariantViolation(`Account ${address} was closed, and nothing may follow`);
}

/** Debits less credits for an account that grows by debits, the reverse for one that grows by credits. */
export function onNormalSide(type: AccountType, sums: Sums): MinorUnits {
  return normalSide(type) === 'debit' ? sums.debits - sums.credits : sums.credits - sums.debits;
}

/** Writes an amount of this account's currency; null, which is "without limit", stays null. */
export function inCurrencyOf(account: Account, units: MinorUnits): string;
export function inCurrencyOf(account: Account, units: MinorUnits | null): string | null;
export function inCurrencyOf(account: Account, units: MinorUnits | null): string | null {
  return units === null ? null : formatAmount(units, account.scale);
}
