// An account as the outside is told about it: plain data, amounts as decimal strings.
import { type AccountSeen } from '../errors.js';
import { formatAmount } from '../money.js';
import {
  type Account,
  type AccountStatus,
  type Sums,
  availableOf,
  balanceOf,
  inCurrencyOf,
} from './account.js';
import { type AccountType, type Freeze } from './events.js';
import { type Metadata } from './metadata.js';

export interface SumsSnapshot {
  readonly debits: string;
  readonly credits: string;
}

export interface AccountSnapshot {
  readonly address: string;
  readonly type: AccountType;
  readonly currency: string;
  readonly status: AccountStatus;
  /** What a frozen account refuses; null unless it is frozen. */
  readonly freeze: Freeze | null;
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
  const { address, type, currency, status, freeze, version, metadata, openedAt } = account;
  const sums = ({ debits, credits }: Sums): SumsSnapshot => ({
    debits: formatAmount(debits, account.scale),
    credits: formatAmount(credits, account.scale),
  });
  return {
    address,
    type,
    currency,
    status,
    freeze,
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

/** What a refusal or a rejection tells of the account that it was decided on. */
export function accountSeen(account: Account): AccountSeen {
  const { address, currency, version, status, freeze } = account;
  return {
    account: address,
    currency,
    version,
    status,
    ...(freeze !== null && { freeze }),
    balance: inCurrencyOf(account, balanceOf(account)),
    available: inCurrencyOf(account, availableOf(account)),
    overdraftLimit: inCurrencyOf(account, account.overdraftLimit),
    balanceLimit: inCurrencyOf(account, account.balanceLimit),
  };
}
