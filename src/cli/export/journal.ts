// A journal as hledger reads it (plain text accounting): debits are positive, credits negative, whatever
// the type of the account.
import { type AccountType } from '../../domain/ledger/events.js';

export const JOURNAL_NAME = 'ledger.journal';

/** First of all, so that no amount is read in the way of the reader's country. */
export const JOURNAL_HEADER = 'decimal-mark .\n\n';

const TYPE_LETTERS: Readonly<Record<AccountType, string>> = {
  asset: 'A',
  liability: 'L',
  equity: 'E',
  income: 'R',
  expense: 'X',
};

/** How a currency is written, with all its decimals: `commodity 1000.00 EUR`. */
export function commodityLine(currency: string, scale: number): string {
  return `commodity 1000.${'0'.repeat(scale)} ${commodity(currency)}\n`;
}

export function accountLine(address: string, type: AccountType): string {
  return `account ${address}  ; type: ${TYPE_LETTERS[type]}\n`;
}

/** One posting: the account, what it is debited (negative: credited), and what it must then have. */
export interface Posting {
  readonly account: string;
  readonly amount: string;
  readonly currency: string;
  readonly balance?: string;
}

export interface Transaction {
  /** `2026-03-01`. */
  readonly date: string;
  /** The id of the transfer; without it the transaction is one of the journal itself. */
  readonly code?: string;
  readonly description: string;
  /** Tags: texts that callers chose may be among the values. */
  readonly tags: readonly (readonly [string, string | null])[];
  readonly postings: readonly Posting[];
}

export function transactionText({ date, code, ...transaction }: Transaction): string {
  const { description, tags, postings } = transaction;
  const told = descriptionOf(description);
  const written = told === description ? null : JSON.stringify(description);
  const all = [...tags, ['description', written] as const];
  return [
    `${date} * ${code === undefined ? '' : `(${code}) `}${told}`.trimEnd(),
    ...all.flatMap(([name, value]) =>
      value === null ? [] : [`    ; ${name}: ${onOneLine(value)}`],
    ),
    ...postings.map(postingLine),
    '\n',
  ].join('\n');
}

/** The same amount of the other side. */
export function negated(amount: string): string {
  if (/^[0.]*$/.test(amount)) return amount;
  return amount.startsWith('-') ? amount.slice(1) : `-${amount}`;
}

function postingLine({ account, amount, currency, balance }: Posting): string {
  const sign = commodity(currency);
  const assertion = balance === undefined ? '' : ` = ${balance} ${sign}`;
  return `    ${account}  ${amount} ${sign}${assertion}`;
}

/** Only letters may stand without quotes. */
function commodity(currency: string): string {
  return /^[A-Za-z]+$/.test(currency) ? currency : `"${currency}"`;
}

// A semicolon would begin a comment.
function descriptionOf(text: string): string {
  return onOneLine(text).replaceAll(';', ',');
}

function onOneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ');
}
