import { type Metadata } from '../../src/domain/ledger/metadata.js';
import { type Bind, type LedgerQuestion, parameters, utc } from '../engine/queries.js';

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
  /** Of the account on the other side of the leg. */
  readonly counterparty?: string | undefined;
  readonly side?: string | undefined;
  /** The id of the transfer that it belongs to. */
  readonly transfer?: string | undefined;
  /** In units of the account's currency, both included. */
  readonly minAmount?: string | undefined;
  readonly maxAmount?: string | undefined;
  /** Of the transfer. */
  readonly metadata: Metadata;
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
  filter: EntryFilter,
  page: { after: EntryKey | undefined; limit: number },
): LedgerQuestion {
  const { values, bind } = parameters();
  const conditions = entryConditions(filter, bind);
  if (page.after) {
    const { revision, batchIndex, leg } = page.after;
    const key = `(${bind(revision)}::bigint, ${bind(batchIndex)}::integer, ${bind(leg)}::integer)`;
    const beyond = filter.order === 'asc' ? '>' : '<';
    conditions.push(`(entry.revision, entry.batch_index, entry.leg) ${beyond} ${key}`);
  }
  const direction = filter.order === 'asc' ? 'ASC' : 'DESC';
  const inOrder = `ORDER BY revision ${direction}, "batchIndex" ${direction}, leg ${direction}
    LIMIT ${bind(page.limit)}`;
  const otherSide = filter.counterparty === undefined ? '' : OTHER_SIDE;
  const found = (...also: string[]) => `SELECT ${ENTRY} FROM reporting.entry ${otherSide}
    WHERE ${[...conditions, ...also].join(' AND ')} ${inOrder}`;
  const which = transferConditions(filter, bind);
  return { sql: which === undefined ? found() : ofTransfers(which, found, inOrder), values };
}

const ENTRY = `entry.revision, entry.batch_index AS "batchIndex", entry.transfer_id AS "transferId",
  entry.leg, entry.side, entry.amount::text, entry.balance::text,
  ${utc('entry.effective_at')} AS "effectiveAt", ${utc('entry.recorded_at')} AS "recordedAt",
  entry.counterparty, entry.description`;

// Every leg made one entry on each side: those between two accounts are found from the account that has
// fewer, whichever of the two is asked about.
const OTHER_SIDE = 'JOIN reporting.entry AS other USING (ledger, revision, batch_index, leg)';

function entryConditions(filter: EntryFilter, bind: Bind): string[] {
  const { from, to, counterparty, side, minAmount, maxAmount } = filter;
  const account = bind(filter.account);
  const conditions = ['entry.ledger = $1', `entry.account = ${account}`];
  if (from !== undefined) conditions.push(`entry.effective_at >= ${bind(from)}`);
  if (to !== undefined) conditions.push(`entry.effective_at < ${bind(to)}`);
  if (side !== undefined) conditions.push(`entry.side = ${bind(side)}`);
  if (minAmount !== undefined) conditions.push(`entry.amount >= ${bind(minAmount)}::numeric`);
  if (maxAmount !== undefined) conditions.push(`entry.amount <= ${bind(maxAmount)}::numeric`);
  if (counterparty !== undefined) {
    conditions.push(`other.account = ${bind(counterparty)}`, `other.counterparty = ${account}`);
    conditions.push('entry.counterparty = other.account');
  }
  return conditions;
}

/** Which transfers the entries have to belong to; undefined when to any. */
function transferConditions({ transfer, metadata }: EntryFilter, bind: Bind): string | undefined {
  const conditions = ['transfer.ledger = $1'];
  if (transfer !== undefined) conditions.push(`transfer.id = ${bind(transfer)}`);
  if (Object.keys(metadata).length > 0) {
    conditions.push(`transfer.metadata @> ${bind(JSON.stringify(metadata))}::jsonb`);
  }
  return conditions.length === 1 ? undefined : conditions.join(' AND ');
}

/** Up to so many transfers, their entries are looked up one by one. */
const FEW_TRANSFERS_MAX = 1_000;

// Few transfers lead to their entries, by the revisions at which they were decided and captured. With
// many of them, the entries of the account are gone through until a page is full. No statistics could
// tell Postgres which of the two it is, so it counts first.
function ofTransfers(which: string, found: (...also: string[]) => string, inOrder: string): string {
  const areFew = `(SELECT count(*) FROM few) <= ${FEW_TRANSFERS_MAX}`;
  return `WITH few AS MATERIALIZED (
      SELECT revision, id FROM reporting.transfer WHERE ${which}
      UNION ALL
      SELECT act.revision, transfer.id FROM reporting.transfer JOIN reporting.transfer_act AS act
        ON act.ledger = transfer.ledger AND act.transfer_id = transfer.id AND act.kind = 'capture'
      WHERE ${which}
      LIMIT ${FEW_TRANSFERS_MAX + 1})
    SELECT * FROM (
      (${found(areFew, '(entry.revision, entry.transfer_id) IN (SELECT revision, id FROM few)')})
      UNION ALL
      (${found(
        `NOT ${areFew}`,
        `EXISTS (SELECT FROM reporting.transfer
          WHERE transfer.id = entry.transfer_id AND ${which})`,
      )})
    ) AS entry ${inOrder}`;
}
