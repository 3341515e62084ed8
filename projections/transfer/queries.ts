import { type Refusal } from '../../src/domain/errors.js';
import { type TransferRequest } from '../../src/domain/ledger/transfer-events.js';
import { type Metadata } from '../../src/domain/ledger/metadata.js';
import { type LedgerQuestion, parameters, utc } from '../engine/queries.js';

export interface TransferRow extends TransferRequest {
  readonly state: 'posted' | 'refused';
  readonly revision: number;
  /** Null when posted. */
  readonly refusal: Refusal | null;
}

export interface TransferFilter {
  /** Debited or credited by one of its legs, or meant to be. */
  readonly account?: string | undefined;
  readonly state?: string | undefined;
  readonly reference?: string | undefined;
  /** By the time it counts in the books, from this one on. */
  readonly from?: string | undefined;
  /** Before this one. */
  readonly to?: string | undefined;
  readonly metadata: Metadata;
}

const TRANSFER = `id, state, legs, ${utc('effective_at')} AS "effectiveAt",
  ${utc('recorded_at')} AS "recordedAt", revision, reference, description, metadata, refusal`;

/** At most one TransferRow. */
export function oneTransfer(id: string): LedgerQuestion {
  return {
    sql: `SELECT ${TRANSFER} FROM reporting.transfer WHERE ledger = $1 AND id = $2`,
    values: [id],
  };
}

/** TransferRows back from the one recorded last. */
export function listTransfers(
  filter: TransferFilter,
  page: { beforeRevision: string | undefined; limit: number },
): LedgerQuestion {
  const { values, bind } = parameters();
  const conditions = ['ledger = $1'];
  if (filter.state !== undefined) conditions.push(`state = ${bind(filter.state)}`);
  if (filter.reference !== undefined) conditions.push(`reference = ${bind(filter.reference)}`);
  if (filter.from !== undefined) conditions.push(`effective_at >= ${bind(filter.from)}`);
  if (filter.to !== undefined) conditions.push(`effective_at < ${bind(filter.to)}`);
  if (Object.keys(filter.metadata).length > 0) {
    conditions.push(`metadata @> ${bind(JSON.stringify(filter.metadata))}::jsonb`);
  }
  if (page.beforeRevision !== undefined) {
    conditions.push(`revision < ${bind(page.beforeRevision)}`);
  }
  const ofAccount =
    filter.account === undefined ? '' : `JOIN reporting.transfer_account USING (ledger, revision)`;
  if (filter.account !== undefined) conditions.push(`account = ${bind(filter.account)}`);
  const sql = `SELECT ${TRANSFER} FROM reporting.transfer ${ofAccount}
    WHERE ${conditions.join(' AND ')} ORDER BY revision DESC LIMIT ${bind(page.limit)}`;
  return { sql, values };
}
