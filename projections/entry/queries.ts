import { type LedgerQuestion, parameters, utc } from '../engine/queries.js';

/** Amounts are decimal strings with all the decimals of the account's currency. */
export interface EntryRow {
  readonly revision: number;
  /** Place of the transfer in its batch; 0 when there is none. */
  readonly batchIndex: number;
  readonly transferId: string;
  readonly leg: number;
  readonly side: 'debit' | 'credit';
  readonly amount: string;
  /** Of the account, right after this entry. */
  readonly balance: string;
  readonly effectiveAt: string;
  readonly recordedAt: string;
  readonly counterparty: string;
  readonly description: string | null;
}

export interface EntryFilter {
  readonly account: string;
  /** By the time it counts in the books, from this one on. */
  readonly from?: string | undefined;
  /** Before this one. */
  readonly to?: string | undefined;
  readonly order: 'asc' | 'desc';
}

/** Where an entry stands among those of its account. */
export interface EntryKey {
  readonly revision: string;
  readonly batchIndex: string;
  readonly leg: string;
}

/** EntryRows in the order in which they were recorded, or back from the last. */
export function listEntries(
  { account, from, to, order }: EntryFilter,
  page: { after: EntryKey | undefined; limit: number },
): LedgerQuestion {
  const { values, bind } = parameters();
  const conditions = ['ledger = $1', `account = ${bind(account)}`];
  if (from !== undefined) conditions.push(`effective_at >= ${bind(from)}`);
  if (to !== undefined) conditions.push(`effective_at < ${bind(to)}`);
  if (page.after) {
    const { revision, batchIndex, leg } = page.after;
    const key = `(${bind(revision)}::bigint, ${bind(batchIndex)}::integer, ${bind(leg)}::integer)`;
    conditions.push(`(revision, batch_index, leg) ${order === 'asc' ? '>' : '<'} ${key}`);
  }
  const direction = order === 'asc' ? 'ASC' : 'DESC';
  const sql = `SELECT revision, batch_index AS "batchIndex", transfer_id AS "transferId", leg, side,
      amount::text, balance::text,
      ${utc('effective_at')} AS "effectiveAt", ${utc('recorded_at')} AS "recordedAt",
      counterparty, description
    FROM reporting.entry WHERE ${conditions.join(' AND ')}
    ORDER BY revision ${direction}, batch_index ${direction}, leg ${direction}
    LIMIT ${bind(page.limit)}`;
  return { sql, values };
}
