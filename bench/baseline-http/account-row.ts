// An account as both baselines keep it in a table; the driver returns 64-bit numbers as texts.
import { formatAmount } from '../../src/domain/money.js';
import { type OpenAccount, SCALE } from './decide.js';
import { type Account } from './transfer.js';

export interface AccountRow {
  readonly address: string;
  readonly type: string;
  readonly currency: string;
  readonly overdraft_limit: string | null;
  readonly balance: string;
  readonly version: string;
}

const DEBIT_NORMAL = ['asset', 'expense'];

export function openAccountOf(row: AccountRow): OpenAccount {
  return {
    address: row.address,
    currency: row.currency,
    isDebitNormal: DEBIT_NORMAL.includes(row.type),
    overdraftLimit: row.overdraft_limit === null ? null : BigInt(row.overdraft_limit),
    balance: BigInt(row.balance),
    version: Number(row.version),
  };
}

export function accountOf(row: AccountRow): Account {
  const balance = formatAmount(BigInt(row.balance), SCALE);
  const limit = row.overdraft_limit;
  return {
    address: row.address,
    type: row.type,
    currency: row.currency,
    version: Number(row.version),
    balance,
    available: balance,
    overdraftLimit: limit === null ? null : formatAmount(BigInt(limit), SCALE),
  };
}
