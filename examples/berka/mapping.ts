// How the bank's books look in Daybook. A customer's money is what the bank owes: a liability. The other
// side of each transaction is where the money came from or went to.
import { type BankTransaction } from './source.js';

export const CURRENCY = 'CZK';
/**
 * Some customers were overdrawn at times, and within a day the published order is not the booking order,
 * which takes balances lower than they ever were.
 */
export const CUSTOMER_OVERDRAFT_LIMIT = '100000.00';

export interface Counterparty {
  readonly address: string;
  readonly type: 'asset' | 'income' | 'expense';
}

export interface MappedTransaction {
  readonly customer: string;
  readonly counterparty: Counterparty;
  readonly debit: string;
  readonly credit: string;
  /** RFC 3339; the bank gives the day only. */
  readonly effectiveAt: string;
  readonly description: string;
}

interface Rule {
  readonly counterparty: (transaction: BankTransaction) => Counterparty;
  readonly words: string;
}

const asset = (address: string) => (): Counterparty => ({ address, type: 'asset' });
const atBank = ({ id, bank }: BankTransaction): Counterparty => {
  if (bank === '') throw new Error(`transaction ${id} names no bank`);
  return { address: `banks:${bank}`, type: 'asset' };
};

const INCOMING: Readonly<Record<string, Rule>> = {
  VKLAD: { counterparty: asset('cash:vault'), words: 'Cash deposit' },
  'PREVOD Z UCTU': { counterparty: atBank, words: 'Transfer from another bank' },
};

const OUTGOING: Readonly<Record<string, Rule>> = {
  VYBER: { counterparty: asset('cash:vault'), words: 'Cash withdrawal' },
  'VYBER KARTOU': { counterparty: asset('cards:settlement'), words: 'Card withdrawal' },
  'PREVOD NA UCET': { counterparty: atBank, words: 'Transfer to another bank' },
};

/** Symbols that decide by themselves what a transaction is. */
const BY_SYMBOL: Readonly<Record<string, Rule>> = {
  UROK: {
    counterparty: () => ({ address: 'expense:interest', type: 'expense' }),
    words: 'Interest credited',
  },
  SLUZBY: {
    counterparty: () => ({ address: 'income:fees', type: 'income' }),
    words: 'Fee for statements',
  },
  'SANKC. UROK': {
    counterparty: () => ({ address: 'income:penalty-interest', type: 'income' }),
    words: 'Penalty interest',
  },
};

/** Symbols that say what a payment was for. */
const PURPOSES: Readonly<Record<string, string>> = {
  SIPO: 'household',
  DUCHOD: 'pension',
  POJISTNE: 'insurance',
  UVER: 'loan',
};

/** Throws on a kind of transaction that the mapping does not know. */
export function mapped(transaction: BankTransaction): MappedTransaction {
  const { id, accountId, isIncoming, operation, symbol } = transaction;
  const rule = BY_SYMBOL[symbol] ?? (isIncoming ? INCOMING : OUTGOING)[operation];
  if (!rule) throw new Error(`transaction ${id}: unknown operation "${operation}" (${symbol})`);
  const customer = `customers:${accountId}`;
  const counterparty = rule.counterparty(transaction);
  const purpose = PURPOSES[symbol];
  return {
    customer,
    counterparty,
    debit: isIncoming ? counterparty.address : customer,
    credit: isIncoming ? customer : counterparty.address,
    effectiveAt: `${dayOf(transaction.date)}T00:00:00.000Z`,
    description: purpose === undefined ? rule.words : `${rule.words}: ${purpose}`,
  };
}

/** `930131` is `1993-01-31`. */
export function dayOf(date: string): string {
  return `19${date.slice(0, 2)}-${date.slice(2, 4)}-${date.slice(4, 6)}`;
}
