// Writes the bank's transactions as two files that `daybook import` reads: accounts.csv, transfers.csv.
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  CURRENCY,
  CUSTOMER_OVERDRAFT_LIMIT,
  type Counterparty,
  type MappedTransaction,
  mapped,
} from './mapping.js';
import {
  type BankAccount,
  type BankTransaction,
  bankAccounts,
  bankTransactions,
} from './source.js';

export interface ConvertedFiles {
  readonly accounts: string;
  readonly transfers: string;
}

const ACCOUNT_COLUMNS = [
  'address',
  'type',
  'currency',
  'overdraftLimit',
  'metadata.district',
  'metadata.statements',
];
const TRANSFER_COLUMNS = [
  'id',
  'debit',
  'credit',
  'amount',
  'currency',
  'effectiveAt',
  'reference',
  'description',
  'metadata.counterpartyAccount',
];

/** Converts the first `limit` transactions, row by row, and the accounts that they touch. */
export async function convert(
  source: string,
  target: string,
  limit: number,
): Promise<ConvertedFiles> {
  const customers = new Set<string>();
  const counterparties = new Map<string, Counterparty>();
  const files = {
    accounts: join(target, 'accounts.csv'),
    transfers: join(target, 'transfers.csv'),
  };

  async function* transferRows(): AsyncGenerator<readonly string[]> {
    for await (const transaction of bankTransactions(source, limit)) {
      const mapping = mapped(transaction);
      customers.add(transaction.accountId);
      counterparties.set(mapping.counterparty.address, mapping.counterparty);
      yield transferRow(transaction, mapping);
    }
  }
  await writeCsv(files.transfers, TRANSFER_COLUMNS, transferRows());

  const known = await bankAccounts(source);
  const accountRows = [
    ...[...counterparties.values()].map(counterpartyRow),
    ...[...customers].map((id) => customerRow(id, known)),
  ];
  await writeCsv(files.accounts, ACCOUNT_COLUMNS, accountRows);
  return files;
}

function transferRow(
  { id, amount, counterpartyAccount }: BankTransaction,
  { debit, credit, effectiveAt, description }: MappedTransaction,
): readonly string[] {
  return [id, debit, credit, amount, CURRENCY, effectiveAt, id, description, counterpartyAccount];
}

// What the bank itself, its vault or another bank could pay is not the ledger's to limit.
function counterpartyRow({ address, type }: Counterparty): readonly string[] {
  return [address, type, CURRENCY, 'unlimited', '', ''];
}

function customerRow(id: string, known: ReadonlyMap<string, BankAccount>): readonly string[] {
  const account = known.get(id);
  if (!account) throw new Error(`account ${id} is in trans.asc but not in account.asc`);
  const { district, statements } = account;
  return [`customers:${id}`, 'liability', CURRENCY, CUSTOMER_OVERDRAFT_LIMIT, district, statements];
}

async function writeCsv(
  path: string,
  columns: readonly string[],
  rows: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
): Promise<void> {
  async function* lines(): AsyncGenerator<string> {
    yield csvLine(columns);
    for await (const row of rows) yield csvLine(row);
  }
  await pipeline(Readable.from(lines()), createWriteStream(path));
}

function csvLine(cells: readonly string[]): string {
  return cells.map(csvCell).join(',') + '\n';
}

function csvCell(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
