// An account as the auditor keeps it: whole numbers of its currency's smallest unit, added up by himself.
import { type Freeze } from '../../../src/domain/ledger/events.js';

export interface AuditedAccount {
  readonly address: string;
  /** Whether it grows by debits: assets and expenses do. */
  readonly growsByDebits: boolean;
  readonly currency: string;
  readonly scale: number;
  status: 'open' | 'frozen' | 'closed';
  freeze: Freeze | null;
  version: number;
  debits: bigint;
  credits: bigint;
  pendingDebits: bigint;
  pendingCredits: bigint;
  /** null is without limit. */
  overdraftLimit: bigint | null;
  balanceLimit: bigint | null;
  /** Of its entries, and how many there are. */
  digest: string;
  entries: number;
}

export function balanceOf({ growsByDebits, debits, credits }: AuditedAccount): bigint {
  return growsByDebits ? debits - credits : credits - debits;
}

/** The balance if everything pending were to take from it, and nothing to add to it. */
export function availableOf(account: AuditedAccount): bigint {
  const { growsByDebits, pendingDebits, pendingCredits } = account;
  return balanceOf(account) - (growsByDebits ? pendingCredits : pendingDebits);
}

/** The balance if everything pending were to add to it, and nothing to take from it. */
export function ceilingOf(account: AuditedAccount): bigint {
  const { growsByDebits, pendingDebits, pendingCredits } = account;
  return balanceOf(account) + (growsByDebits ? pendingDebits : pendingCredits);
}

export function isEmpty(account: AuditedAccount): boolean {
  const { pendingDebits, pendingCredits } = account;
  return balanceOf(account) === 0n && pendingDebits === 0n && pendingCredits === 0n;
}
