// The tables of slices, which Postgres fills by itself, and the SQL that holds them against what the entries
// of their blocks add up to. Nothing is shared with what cuts the slices but their shape.
import { utc } from '../../engine/queries.js';
import { type Table } from '../../engine/table.js';
import {
  accountBlockTable,
  accountSliceTable,
  ledgerBlockTable,
  typeSliceTable,
} from '../../balance-history/table.js';
import { SLICE_LENGTH } from '../../balance-history/slices.js';

export interface SliceKind {
  readonly slices: Table;
  readonly blocks: Table;
  /** Columns of the blocks that tell whose they are, besides the ledger. */
  readonly blockOwner: readonly string[];
  /** Columns of the slices, and of entries, that tell whose sums they are. */
  readonly owner: readonly string[];
  /** When entries were recorded, for those of a ledger are found by that; SQL on `block`. */
  readonly recorded: string;
}

export const SLICE_KINDS: readonly SliceKind[] = [
  {
    slices: accountSliceTable,
    blocks: accountBlockTable,
    blockOwner: ['account'],
    owner: ['account'],
    recorded: 'true',
  },
  {
    slices: typeSliceTable,
    blocks: ledgerBlockTable,
    blockOwner: [],
    owner: ['currency', 'account_type'],
    recorded: `recorded_at BETWEEN coalesce(block.recorded_after, '-infinity') AND block.recorded_at`,
  },
];

/** A block with what is known of the one before it. */
export interface BlockRow {
  readonly ledger: string;
  /** Null: it is a block of the ledger as a whole. */
  readonly account: string | null;
  readonly length: number;
  readonly block: number;
  readonly last_revision: string;
  readonly after_revision: string | null;
  readonly recorded_at: string | null;
  readonly recorded_after: string | null;
}

/** BlockRows of one ledger (`$1`), and there of some accounts (`$2`); of all where these are null. */
export function blocksSql(schema: string, { blocks, blockOwner }: SliceKind): string {
  const owner = ['ledger', ...blockOwner].join(', ');
  const [account, recordedAt] =
    blockOwner.length > 0 ? ['account', 'NULL'] : ['NULL', 'recorded_at'];
  return `SELECT ledger, ${account} AS account, length, block, last_revision,
      lag(last_revision) OVER earlier AS after_revision, ${recordedAt}::text AS recorded_at,
      lag(${recordedAt}::text) OVER earlier AS recorded_after
    FROM ${schema}.${blocks.name}
    WHERE ($1::text IS NULL OR ledger = $1)
      AND ($2::text[] IS NULL OR ${account} = ANY ($2))
    WINDOW earlier AS (PARTITION BY ${owner}, length ORDER BY block)
    ORDER BY ${owner}, length, block`;
}

/** Where a block is not what its entries add up to. */
export interface DifferingRow {
  readonly ledger: string;
  readonly account: string | null;
  readonly key: string;
  readonly revision: string | null;
  /** The sums at the first time that differs; null on the side that has no such time. */
  readonly expected: string | null;
  readonly found: string | null;
}

/**
 * At most one DifferingRow for each owner in a block: `$1` to `$8` are columns of BlockRows, in their order.
 * The times of a block are numbered on both sides, so that one too many shows as much as one too few.
 * OFFSET 0 has the entries of each block looked up, where Postgres would go through all entries there are.
 */
export function differencesSql(schema: string, kind: SliceKind): string {
  const { slices, blockOwner, owner, recorded } = kind;
  const whose = ['ledger', ...owner, 'length', 'block'];
  const inTime = `PARTITION BY ${whose.join(', ')} ORDER BY`;
  const ofBlock = ['ledger', ...blockOwner, 'length', 'block'].join(', ');
  const isOfBlock = ['ledger', ...blockOwner].map((column) => `${column} = block.${column}`);
  return `
    WITH block AS MATERIALIZED (
      SELECT * FROM unnest($1::text[], $2::text[], $3::integer[], $4::integer[], $5::bigint[],
          $6::bigint[], $7::timestamptz[], $8::timestamptz[])
        AS block (ledger, account, length, block, last_revision, after_revision, recorded_at,
          recorded_after)
    ), entry AS (
      SELECT ${whose.map((column) => `entry.${column}`).join(', ')}, at,
        sum(amount) FILTER (WHERE side = 'debit') AS debits,
        sum(amount) FILTER (WHERE side = 'credit') AS credits
      FROM block, LATERAL (
        SELECT ledger, ${owner.join(', ')}, block.length, block.block, effective_at AS at, side, amount
        FROM ${schema}.entry WHERE ${isOfBlock.join(' AND ')} AND ${recorded}
          AND revision <= block.last_revision AND revision > coalesce(block.after_revision, -1)
        OFFSET 0
      ) AS entry
      GROUP BY ${whose.map((column) => `entry.${column}`).join(', ')}, at
    ), summed AS (
      SELECT ${whose.join(', ')}, at, row_number() OVER earlier AS place,
        coalesce(sum(debits) OVER earlier, 0) AS debits,
        coalesce(sum(credits) OVER earlier, 0) AS credits
      FROM entry WINDOW earlier AS (${inTime} at)
    ), expected AS (
      SELECT *, first_value(at) OVER (
        PARTITION BY ${whose.join(', ')}, (place - 1) / ${SLICE_LENGTH} ORDER BY place) AS slice
      FROM summed
    ), stored AS (
      SELECT ${whose.join(', ')}, at, point.debits, point.credits, effective_from AS slice,
        row_number() OVER (${inTime} effective_from, number) AS place
      FROM ${schema}.${slices.name} JOIN block USING (${ofBlock}),
        unnest(effective_at, ${slices.name}.debits, ${slices.name}.credits)
          WITH ORDINALITY AS point (at, debits, credits, number)
    )
    SELECT DISTINCT ON (${whose.join(', ')}) ledger, ${blockOwner[0] ?? 'NULL'} AS account,
      concat_ws(', ', ${whose.join(', ')}, ${utc('coalesce(expected.slice, stored.slice)')}) AS key,
      block.last_revision AS revision, ${shown('expected')} AS expected, ${shown('stored')} AS found
    FROM expected FULL JOIN stored USING (${whose.join(', ')}, place)
      JOIN block USING (${ofBlock})
    WHERE (expected.at, expected.debits, expected.credits, expected.slice)
      IS DISTINCT FROM (stored.at, stored.debits, stored.credits, stored.slice)
    ORDER BY ${whose.join(', ')}, place`;
}

/** DifferingRows: slices of blocks that are not there, at most `$3`. `$1` and `$2` as for blocks. */
export function strayingSql(
  schema: string,
  { slices, blocks, blockOwner, owner }: SliceKind,
): string {
  const account = blockOwner[0] ?? 'NULL';
  const ofBlock = ['ledger', ...blockOwner, 'length', 'block'];
  const isSame = ofBlock.map((column) => `block.${column} = slice.${column}`).join(' AND ');
  return `SELECT ledger, ${account} AS account, NULL AS revision, NULL AS expected,
      concat_ws(', ', ledger, ${owner.join(', ')}, length, block, ${utc('effective_from')}) AS key,
      'a slice of a block that is not complete' AS found
    FROM ${schema}.${slices.name} AS slice
    WHERE ($1::text IS NULL OR ledger = $1) AND ($2::text[] IS NULL OR ${account} = ANY ($2))
      AND NOT EXISTS (SELECT FROM ${schema}.${blocks.name} AS block WHERE ${isSame})
    ORDER BY ${slices.key.join(', ')} LIMIT $3`;
}

/** SQL: the sums at a time, in words; null when there is no such time. */
function shown(side: string): string {
  return `CASE WHEN ${side}.at IS NOT NULL THEN format('debits %s, credits %s at %s',
    ${side}.debits, ${side}.credits, ${utc(`${side}.at`)}) END`;
}
