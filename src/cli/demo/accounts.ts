// The accounts of the demo bakery.
import { type AccountType } from '../../domain/ledger/events.js';

/** What the demo calls a line of the chart of accounts; a null limit is none. */
type AccountLine = readonly [
  address: string,
  type: AccountType,
  currency: string,
  overdraftLimit: string | null,
];

const NO_LIMIT = null;

export const ACCOUNTS: readonly AccountLine[] = [
  ['bank:main', 'asset', 'EUR', '2000'],
  ['cash:till', 'asset', 'EUR', '0'],
  ['stock:flour', 'asset', 'EUR', '0'],
  ['equipment:oven', 'asset', 'EUR', '0'],
  ['suppliers:mill', 'liability', 'EUR', NO_LIMIT],
  ['customers:alice:wallet', 'liability', 'EUR', '0'],
  ['customers:bob:wallet', 'liability', 'EUR', '0'],
  ['customers:cafe-luna', 'asset', 'EUR', NO_LIMIT],
  ['equity:founders', 'equity', 'EUR', '0'],
  ['income:bread', 'income', 'EUR', '0'],
  ['income:cakes', 'income', 'EUR', '0'],
  ['expense:rent', 'expense', 'EUR', '0'],
  ['expense:wages', 'expense', 'EUR', '0'],
  ['expense:flour', 'expense', 'EUR', '0'],
  ['expense:bank-fees', 'expense', 'EUR', '0'],
  ['customers:dora:wallet', 'liability', 'EUR', '0'],
  ['customers:dora:usd', 'liability', 'USD', '0'],
  ['bank:usd', 'asset', 'USD', '0'],
  ['fx:eur', 'equity', 'EUR', NO_LIMIT],
  ['fx:usd', 'equity', 'USD', NO_LIMIT],
  ['fx:rounding', 'income', 'EUR', NO_LIMIT],
];
