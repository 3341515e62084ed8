import { type Refusal } from '../../src/domain/errors.js';
import {
  type LegShare,
  type LegTotals,
  type TransferRequest,
} from '../../src/domain/ledger/transfer-events.js';
import { type TransferState } from '../../src/domain/ledger/transfer.js';
import { type Metadata } from '../../src/domain/ledger/metadata.js';
import {
  type Bind,
  type LedgerQuestion,
  type ReadModels,
  parameters,
  utc,
} from '../engine/queries.js';
import { type ActKind } from './act.js';

/** What the caller asked for and did not say is null. */
type Asked<Field extends keyof TransferRequest> = Exclude<TransferRequest[Field], undefined> | null;

/** `recordedAt` and `revision` are those of the decision. */
export interface TransferRow {
  readonly id: string;
  readonly state: TransferState;
  readonly legs: TransferRequest['legs'];
  readonly effectiveAt: string;
  readonly recordedAt: string;
  readonly revision: number;
  readonly reference: string | null;
  readonly description: string | null;
  readonly metadata: Metadata;
  /** Null unless it was refused. */
  readonly refusal: Refusal | null;
  readonly conditions: Asked<'conditions'>;
  readonly pending: Asked<'pending'>;
  readonly reverses: Asked<'reverses'>;
  readonly exchange: Asked<'exchange'>;
  /** The atomic batch that it was made in, if it was, and its place there; 0 without. */
  readonly batchId: string | null;
  readonly batchIndex: number;
  /** Of each leg: what is held, was posted, was reversed. */
  readonly totals: readonly LegTotals[];
  /** What was done to it since, in the order in which it was recorded. */
  readonly acts: readonly ActRow[];
}

interface ActOf<Kind extends ActKind> {
  readonly kind: Kind;
  readonly recordedAt: string;
  readonly revision: number;
}

/** An act with an id of its own. */
interface AskedActOf<Kind extends ActKind> extends ActOf<Kind> {
  readonly id: string;
}

export interface CaptureRow extends AskedActOf<'capture'> {
  /** What moved, and what was released. */
  readonly legs: readonly LegShare[];
  readonly released: readonly LegShare[];
  readonly final: boolean;
  readonly effectiveAt: string;
}

export interface VoidRow extends AskedActOf<'void'> {
  readonly released: readonly LegShare[];
  readonly reason: string;
}

export interface ReversalRow extends AskedActOf<'reversal'> {
  /** What moved, each with the number of the leg that it turns back. */
  readonly legs: readonly LegShare[];
  readonly reason: string;
}

/** Columns that a kind of act does not have are null. */
export type ActRow = CaptureRow | VoidRow | ReversalRow | ActOf<'expiry'>;

export interface TransferFilter {
  /** Debited or credited by one of its legs, or meant to be. */
  readonly account?: string | undefined;
  readonly state?: string | undefined;
  readonly reference?: string | undefined;
  /** By the time it counts in the books, from this one on. */
  readonly from?: string | undefined;
  /** Before this one. */
  readonly to?: string | undefined;
  /** The id of the atomic batch that it was made in. */
  readonly batch?: string | undefined;
  readonly metadata: Metadata;
  readonly order: 'asc' | 'desc';
}

const ACTS = `SELECT kind, id, legs, released, is_final AS "final", reason,
    ${utc('effective_at')} AS "effectiveAt", ${utc('recorded_at')} AS "recordedAt", revision
  FROM reporting.transfer_act
  WHERE transfer_act.ledger = transfer.ledger AND transfer_act.transfer_id = transfer.id
  ORDER BY revision`;

const TRANSFER = `id, state, legs, ${utc('effective_at')} AS "effectiveAt",
  ${utc('recorded_at')} AS "recordedAt", revision, reference, description, metadata, refusal,
  conditions, pending, reverses, exchange, batch_id AS "batchId", batch_index AS "batchIndex", totals,
  (SELECT coalesce(json_agg(act), '[]') FROM (${ACTS}) AS act) AS acts`;

/** At most one TransferRow. */
export function oneTransfer(id: string): LedgerQuestion {
  return {
    sql: `SELECT ${TRANSFER} FROM reporting.transfer WHERE ledger = $1 AND id = $2`,
    values: [id],
  };
}

/** Whether transfers are listed by the time they count: whoever asks for a time asks for few of many. */
export function isByTime({ from, to }: TransferFilter): boolean {
  return (from ?? to) !== undefined;
}

/** The columns of the order, each with how a value of `after` is read. */
const AS_RECORDED = [
  ['revision', (value: string) => `${value}::bigint`],
  ['batch_index', (value: string) => `${value}::integer`],
] as const;
const BY_TIME = [
  ['effective_at', (value: string) => `timestamptz 'epoch' + ${value}::bigint * interval '1 ms'`],
  ...AS_RECORDED,
] as const;

/**
 * TransferRows in the order in which they were recorded, those of a batch in its order, or back from the
 * last; `isByTime` ones by the time they count, first of all.
 * @param page.after revision and batch index of a row, `isByTime` its time in milliseconds before them.
 */
export function listTransfers(
  filter: TransferFilter,
  page: { after: readonly string[] | undefined; limit: number },
): LedgerQuestion {
  const { values, bind } = parameters();
  const conditions = ['ledger = $1', ...conditionsOf(filter, bind)];
  const sort = isByTime(filter) ? BY_TIME : AS_RECORDED;
  if (page.after) {
    const last = page.after.map((value, index) => sort[index]?.[1](bind(value)));
    const columns = sort.map(([column]) => column).join();
    conditions.push(`(${columns}) ${filter.order === 'asc' ? '>' : '<'} (${last.join()})`);
  }
  const order = sort.map(([column]) => `${column} ${filter.order === 'asc' ? 'ASC' : 'DESC'}`);
  const ofAccount =
    filter.account === undefined
      ? ''
      : 'JOIN reporting.transfer_account USING (ledger, revision, batch_index)';
  const sql = `SELECT ${TRANSFER} FROM reporting.transfer ${ofAccount}
    WHERE ${conditions.join(' AND ')} ORDER BY ${order.join()} LIMIT ${bind(page.limit)}`;
  return { sql, values };
}

function conditionsOf(filter: TransferFilter, bind: Bind): string[] {
  const conditions: string[] = [];
  if (filter.account !== undefined) conditions.push(`account = ${bind(filter.account)}`);
  if (filter.state !== undefined) conditions.push(`state = ${bind(filter.state)}`);
  if (filter.reference !== undefined) conditions.push(`reference = ${bind(filter.reference)}`);
  if (filter.from !== undefined) conditions.push(`effective_at >= ${bind(filter.from)}`);
  if (filter.to !== undefined) conditions.push(`effective_at < ${bind(filter.to)}`);
  if (filter.batch !== undefined) conditions.push(`batch_id = ${bind(filter.batch)}`);
  if (Object.keys(filter.metadata).length > 0) {
    conditions.push(`metadata @> ${bind(JSON.stringify(filter.metadata))}::jsonb`);
  }
  return conditions;
}

/** Beyond so many ledgers, the others are named once these have nothing overdue any more. */
const OVERDUE_LEDGERS_MAX = 1_000;

// Goes from ledger to ledger along the index, however many transfers each of them holds.
const OVERDUE_LEDGERS = `WITH RECURSIVE holding (ledger) AS (
    (SELECT ledger FROM reporting.transfer
     WHERE state = 'pending' AND expires_at IS NOT NULL ORDER BY ledger LIMIT 1)
  UNION ALL
    SELECT (SELECT transfer.ledger FROM reporting.transfer
      WHERE state = 'pending' AND expires_at IS NOT NULL AND transfer.ledger > holding.ledger
      ORDER BY transfer.ledger LIMIT 1)
    FROM holding WHERE holding.ledger IS NOT NULL
  )
  SELECT ledger FROM holding WHERE ledger IS NOT NULL AND EXISTS (
    SELECT FROM reporting.transfer
    WHERE transfer.ledger = holding.ledger AND state = 'pending' AND expires_at <= $1)
  ORDER BY ledger LIMIT $2`;

/**
 * Ids of the ledgers that hold something which was to be captured by `now`, as far as the read models
 * know. Throws ReadModelsUnavailable.
 */
export async function overdueLedgers(readModels: ReadModels, now: Date): Promise<string[]> {
  const rows = await readModels.rows<{ ledger: string }>(OVERDUE_LEDGERS, [
    now.toISOString(),
    OVERDUE_LEDGERS_MAX,
  ]);
  return rows.map(({ ledger }) => ledger);
}
