// Reads the bank's files as they were published: semicolons, dates YYMMDD, Czech words. Amounts become
// whole hellers straight from their digits, by arithmetic that shares nothing with Daybook's own.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { parse } from 'csv-parse';

export interface BankTransaction {
  readonly id: string;
  readonly accountId: string;
  /** YYMMDD; the file is in the order of dates. */
  readonly date: string;
  readonly isIncoming: boolean;
  /** VKLAD, VYBER, VYBER KARTOU, PREVOD Z UCTU, PREVOD NA UCET; empty for interest. */
  readonly operation: string;
  /** UROK, SLUZBY, SANKC. UROK, SIPO, DUCHOD, POJISTNE, UVER or empty. */
  readonly symbol: string;
  /** As written, such as `700.00`. */
  readonly amount: string;
  /** The account's balance after it as the bank recorded it, in hellers. */
  readonly recordedBalance: bigint;
  readonly bank: string;
  readonly counterpartyAccount: string;
}

export interface BankAccount {
  readonly id: string;
  readonly district: string;
  /** How often statements are sent. */
  readonly statements: string;
}

const IN = 'PRIJEM';
const OUT = new Set(['VYDAJ', 'VYBER']);

/** The first `limit` transactions of `trans.asc`. Throws on a row that the bank's format does not know. */
export async function* bankTransactions(
  folder: string,
  limit: number,
): AsyncGenerator<BankTransaction> {
  let count = 0;
  if (limit === 0) return;
  for await (const row of rowsOf(join(folder, 'trans.asc'))) {
    const { type, trans_id: id } = row;
    if (type !== IN && !OUT.has(type ?? '')) throw new Error(`${id}: unknown type "${type}"`);
    yield {
      id: id ?? '',
      accountId: row['account_id'] ?? '',
      date: row['date'] ?? '',
      isIncoming: type === IN,
      operation: row['operation'] ?? '',
      symbol: row['k_symbol']?.trim() ?? '',
      amount: row['amount'] ?? '',
      recordedBalance: hellersOf(row['balance'] ?? ''),
      bank: row['bank'] ?? '',
      counterpartyAccount: row['account'] ?? '',
    };
    count += 1;
    if (count === limit) return;
  }
}

export async function bankAccounts(folder: string): Promise<Map<string, BankAccount>> {
  const accounts = new Map<string, BankAccount>();
  for await (const row of rowsOf(join(folder, 'account.asc'))) {
    const id = row['account_id'] ?? '';
    const statements = STATEMENTS[row['frequency'] ?? ''] ?? '';
    accounts.set(id, { id, district: row['district_id'] ?? '', statements });
  }
  return accounts;
}

const STATEMENTS: Readonly<Record<string, string>> = {
  'POPLATEK MESICNE': 'monthly',
  'POPLATEK TYDNE': 'weekly',
  'POPLATEK PO OBRATU': 'after each transaction',
};

const CROWNS = /^(-?)(\d+)\.(\d\d)$/;

/** `-12.50` is -1250n. Throws on anything but crowns with two decimals. */
export function hellersOf(crowns: string): bigint {
  const [, sign, whole, fraction] = CROWNS.exec(crowns) ?? [];
  if (whole === undefined || fraction === undefined) {
    throw new Error(`"${crowns}" is not an amount in crowns`);
  }
  const hellers = BigInt(whole) * 100n + BigInt(fraction);
  return sign === '-' ? -hellers : hellers;
}

/** 1250n is `12.50`. */
export function crownsOf(hellers: bigint): string {
  const digits = (hellers < 0n ? -hellers : hellers).toString().padStart(3, '0');
  return `${hellers < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function rowsOf(path: string): AsyncIterable<Readonly<Record<string, string | undefined>>> {
  // An error of either stream destroys both and reaches whoever reads the rows.
  return pipeline(
    createReadStream(path),
    parse({ delimiter: ';', columns: true }),
    () => undefined,
  );
}
