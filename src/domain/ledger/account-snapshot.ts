// An account as the outside is told about it: plain data, amounts as decimal strings.
import { formatAmount } from '../money.js';
import { type Account, type Sums, availableOf, balanceOf, inCurrencyOf } from './account.js';
import { type AccountType, type Metadata } from './events.js';

export interface SumsSnapshot {
  readonly debits: string;
  readonly credits: string;
}

export interface AccountSnapshot {
  readonly address: string;
  readonly type: AccountType;
  readonly currency: string;
  readonly status: string;
  readonly version: number;
  readonly balance: string;
  readonly available: string;
  readonly posted: SumsSnapshot;
  readonly pending: SumsSnapshot;
  /** null is without limit. */
  readonly overdraftLimit: string | null;
  readonly balanceLimit: string | null;
  readonly metadata: Metadata;
  readonly openedAt: string;
}

export function snapshotOf(account: Account): AccountSnapshot {
  const { address, type, currency, status, version, metadata, openedAt } = account;
  const sums = ({ debits, credits }: Sums): SumsSnapshot => ({
    debits: formatAmount(debits, account.scale),
    credits: formatAmount(credits, account.scale),
  });
  return {
    address,
    type,
    currency,
    status,
    version,
    balance: inCurrencyOf(account, balanceOf(account)),
    available: inCurrencyOf(account, availableOf(account)),
    posted: sums(account.posted),
    pending: sums(account.pending),
    overdraftLimit: inCurrencyOf(account, account.overdraftLimit),
    balanceLimit: inCurrencyOf(account, account.balanceLimit),
    metadata,
    openedAt,
  };
}
