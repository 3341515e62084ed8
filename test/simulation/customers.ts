// The accounts that the bank begins with: in each currency a source of money and customers, some of them
// with an overdraft, some with a limit. The first of a list is drawn most often.
import { type BankRequest } from './requests.js';

const CUSTOMERS_PER_CURRENCY = 20;

/** Its decimals are those of ISO 4217, or as registered with the ledger. */
export const CURRENCIES = [
  { code: 'EUR', scale: 2 },
  { code: 'JPY', scale: 0 },
  { code: 'BTC', scale: 8 },
] as const;
export type CurrencyCode = (typeof CURRENCIES)[number]['code'];

export function worldOf(currency: CurrencyCode): string {
  return `world:${currency}`;
}

/** Takes and gives this currency in exchanges. */
export function liquidityOf(currency: CurrencyCode): string {
  return `liquidity:${currency}`;
}

/** Takes what rounding leaves in this currency. */
export function roundingOf(currency: CurrencyCode): string {
  return `rounding:${currency}`;
}

function customersOf(currency: CurrencyCode): string[] {
  return Array.from({ length: CUSTOMERS_PER_CURRENCY }, (_, n) => `customers:${n}:${currency}`);
}

/** Accounts from the start that hold this currency, the hottest first. */
export const ADDRESSES: Readonly<Record<CurrencyCode, readonly string[]>> = {
  EUR: [...customersOf('EUR'), 'cash:EUR'],
  JPY: [...customersOf('JPY'), 'cash:JPY'],
  BTC: [...customersOf('BTC'), 'cash:BTC'],
};

/** What opens the ledger and these accounts. */
export function openingRequests(): BankRequest[] {
  const assets = [{ code: 'BTC', scale: 8 }];
  return [
    { kind: 'open-ledger', assets, rules: { uniqueReferences: true } },
    ...CURRENCIES.flatMap(({ code }) => [
      ...[worldOf(code), liquidityOf(code), roundingOf(code)].map((address) =>
        opening(address, code, { type: 'equity', overdraftLimit: null }),
      ),
      ...ADDRESSES[code].map((address, n) =>
        opening(address, code, {
          type: address.startsWith('cash') ? 'asset' : 'liability',
          overdraftLimit: n % 4 === 3 ? '50' : '0',
          balanceLimit: n % 5 === 2 ? '2000' : null,
        }),
      ),
    ]),
  ];
}

function opening(
  address: string,
  currency: string,
  rules: { type: string; overdraftLimit: string | null; balanceLimit?: string | null },
): BankRequest {
  return { kind: 'open-account', address, currency, balanceLimit: null, metadata: {}, ...rules };
}
