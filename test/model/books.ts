// The books as a child would keep them: lists of everything that ever happened, added up anew for every
// question. Nothing is taken from the ledger but the shapes of its commands.
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { type LedgerRules } from '../../src/domain/ledger/events.js';
import { type Fraction, decimal, fraction } from '../support/fractions.js';

export const SCALES: Readonly<Record<string, number>> = { EUR: 2, JPY: 0, ETH: 18 };

export interface Account {
  readonly address: string;
  readonly type: string;
  readonly currency: string;
  readonly overdraftLimit: bigint | null;
  readonly balanceLimit: bigint | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly status: 'open' | 'frozen' | 'closed';
  readonly freeze: 'debits' | 'all' | null;
  readonly version: number;
}

/** Money that moved. */
export interface Entry {
  readonly debit: string;
  readonly credit: string;
  readonly currency: string;
  readonly units: bigint;
}

export interface TransferLeg extends Entry {
  readonly held: bigint;
  readonly posted: bigint;
  readonly reversed: bigint;
}

export interface Transfer {
  readonly id: string;
  readonly legs: readonly TransferLeg[];
  /** What it ended as when nothing of it was posted. */
  readonly end: 'voided' | 'expired' | 'refused' | 'none';
  readonly expiresAt: string | null;
  readonly isReversal: boolean;
}

/** A request that led to an event, under each id that it decided. */
interface Decided {
  readonly id: string;
  readonly command: LedgerCommand;
  readonly recordedAt: string;
  readonly revision: number;
}

export interface Books {
  readonly rules: LedgerRules | undefined;
  readonly revision: number;
  readonly recordedAt: string;
  readonly closedThrough: string | null;
  readonly accounts: readonly Account[];
  readonly entries: readonly Entry[];
  readonly transfers: readonly Transfer[];
  readonly decided: readonly Decided[];
  readonly references: readonly string[];
  readonly carried: Readonly<Record<string, Fraction>>;
}

export const NO_BOOKS: Books = {
  ...{ rules: undefined, revision: -1, recordedAt: '', closedThrough: null, accounts: [] },
  ...{ entries: [], transfers: [], decided: [], references: [], carried: {} },
};

export function accountAt({ accounts }: Books, address: string): Account | undefined {
  return accounts.find((account) => account.address === address);
}

export function transferOf({ transfers }: Books, id: string): Transfer | undefined {
  return transfers.find((transfer) => transfer.id === id);
}

/** Undefined when it cannot be read in the currency. */
export function unitsOf(text: string, currency: string): bigint | undefined {
  const scale = SCALES[currency];
  const [, decimals = ''] = text.split('.');
  if (scale === undefined || !/^-?\d+(\.\d+)?$/.test(text)) return undefined;
  if (decimals.length > scale) return undefined;
  const { top, bottom } = fraction(text);
  return (top * 10n ** BigInt(scale)) / bottom;
}

export function written(units: bigint, currency: string): string {
  return decimal(units, SCALES[currency] ?? 0);
}

const total = (numbers: readonly bigint[]) => numbers.reduce((sum, units) => sum + units, 0n);

/** Everything that was ever entered on either side of an account, and what is held now. */
export function sumsOf({ entries, transfers }: Books, address: string) {
  const held = transfers.flatMap(({ legs }) => legs);
  const on = (side: 'debit' | 'credit') => ({
    posted: total(entries.filter((entry) => entry[side] === address).map(({ units }) => units)),
    pending: total(held.filter((leg) => leg[side] === address).map((leg) => leg.held)),
  });
  return { debits: on('debit'), credits: on('credit') };
}

/** On the normal side: what there is, less what may go, and with what may come. */
export function standing(books: Books, { address, type }: Account) {
  const { debits, credits } = sumsOf(books, address);
  const [plus, minus] =
    type === 'asset' || type === 'expense' ? [debits, credits] : [credits, debits];
  const balance = plus.posted - minus.posted;
  return { balance, available: balance - minus.pending, ceiling: balance + plus.pending };
}

export function stateOf({ legs, end }: Transfer): string {
  if (end === 'refused') return 'refused';
  if (legs.some(({ held }) => held > 0n)) return 'pending';
  return legs.some(({ posted }) => posted > 0n) ? 'posted' : end;
}

/** With other versions of the accounts at these addresses. */
export function withAccounts(
  books: Books,
  addresses: readonly string[],
  change: (account: Account) => Partial<Account>,
): Books {
  return {
    ...books,
    accounts: books.accounts.map((account) =>
      addresses.includes(account.address)
        ? { ...account, version: account.version + 1, ...change(account) }
        : account,
    ),
  };
}

/** With a transfer added, or put in the place of what it was. */
export function withTransfer(books: Books, transfer: Transfer): Books {
  const others = books.transfers.filter(({ id }) => id !== transfer.id);
  return { ...books, transfers: [...others, transfer] };
}
