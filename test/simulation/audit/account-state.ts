// An account as the auditor knows it, and how it is told.
import { textOf } from './amounts.js';

export interface AccountState {
  readonly address: string;
  readonly type: string;
  readonly currency: string;
  readonly scale: number;
  readonly status: 'open' | 'frozen' | 'closed';
  readonly freeze: 'debits' | 'all' | null;
  readonly version: number;
  readonly debits: bigint;
  readonly credits: bigint;
  readonly pendingDebits: bigint;
  readonly pendingCredits: bigint;
  readonly overdraftLimit: bigint | null;
  readonly balanceLimit: bigint | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly openedAt: string;
}

function growsByDebits({ type }: { readonly type: string }): boolean {
  return type === 'asset' || type === 'expense';
}

export function balanceOf(state: AccountState): bigint {
  const { debits, credits } = state;
  return growsByDebits(state) ? debits - credits : credits - debits;
}

/** The balance if everything that is pending were to take from it, and nothing to add to it. */
export function availableOf(state: AccountState): bigint {
  return balanceOf(state) - (growsByDebits(state) ? state.pendingCredits : state.pendingDebits);
}

/** The balance if everything that is pending were to add to it, and nothing to take from it. */
export function ceilingOf(state: AccountState): bigint {
  return balanceOf(state) + (growsByDebits(state) ? state.pendingDebits : state.pendingCredits);
}

/** The balance if everything that is pending were captured. */
export function balanceOnceCaptured(state: AccountState): bigint {
  const { debits, credits, pendingDebits, pendingCredits } = state;
  return balanceOf({
    ...state,
    debits: debits + pendingDebits,
    credits: credits + pendingCredits,
  });
}

export function isEmpty(state: AccountState): boolean {
  return balanceOf(state) === 0n && state.pendingDebits === 0n && state.pendingCredits === 0n;
}

/** An account as the API tells it. */
export function shown(state: AccountState): object {
  const { address, type, currency, scale, status, freeze, version, metadata, openedAt } = state;
  const sums = (debits: bigint, credits: bigint) => ({
    debits: textOf(debits, scale),
    credits: textOf(credits, scale),
  });
  return {
    ...{ address, type, currency, status, freeze, version },
    balance: textOf(balanceOf(state), scale),
    available: textOf(availableOf(state), scale),
    posted: sums(state.debits, state.credits),
    pending: sums(state.pendingDebits, state.pendingCredits),
    overdraftLimit: limitText(state.overdraftLimit, scale),
    balanceLimit: limitText(state.balanceLimit, scale),
    ...{ metadata, openedAt },
  };
}

/** An account as an event tells what it came to. */
export function resulting(state: AccountState): object {
  const { address, currency, version, scale } = state;
  const balance = textOf(balanceOf(state), scale);
  return {
    ...{ account: address, currency, version, balance },
    available: textOf(availableOf(state), scale),
  };
}

/** An account as a refusal or a rejection tells it. */
export function evidenceOf(state: AccountState): object {
  const { address, currency, scale, version, status, freeze } = state;
  return {
    account: address,
    ...{ currency, version, status, ...(freeze && { freeze }) },
    balance: textOf(balanceOf(state), scale),
    available: textOf(availableOf(state), scale),
    overdraftLimit: limitText(state.overdraftLimit, scale),
    balanceLimit: limitText(state.balanceLimit, scale),
  };
}

function limitText(limit: bigint | null, scale: number): string | null {
  return limit === null ? null : textOf(limit, scale);
}
