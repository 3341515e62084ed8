// The rows of a generation as they are stored, read in one snapshot: their fingerprints, a slice of a table
// at a time, and where those differ the rows themselves.
import { type ClientBase } from 'pg';
import { type Table } from '../../engine/table.js';
import { columnTexts, rowTextSql } from './canonical.js';
import { type Bucket, type Fingerprints, bucketNameSql, hashUnitsSql } from './fingerprints.js';

/** Pages of a table that one statement reads: some hundred thousand rows. */
const SLICE_PAGES = 4_000;

export interface StoredGeneration {
  /** In a transaction that sees one snapshot. */
  readonly database: ClientBase;
  readonly schema: string;
}

/** Adds up what is stored in a table, of one ledger or of all. Returns how many rows that are. */
export async function addStored(
  { database, schema }: StoredGeneration,
  { table, ledger }: { readonly table: Table; readonly ledger: string | undefined },
  sums: Fingerprints,
): Promise<number> {
  const name = `${schema}.${table.name}`;
  const { rows: sizes } = await database.query<{ pages: number }>(
    `SELECT (pg_relation_size('${name}') / current_setting('block_size')::integer)::integer AS pages`,
  );
  const pages = sizes[0]?.pages ?? 0;
  const sql = `SELECT ledger, name, count(*)::integer AS count, sum(units)::text AS units FROM (
      SELECT ledger, ${bucketNameSql(table)} AS name, ${hashUnitsSql(rowTextSql(table))} AS units
      FROM ${name} WHERE ctid >= $1::tid AND ctid < $2::tid AND ($3::text IS NULL OR ledger = $3)
    ) AS hashed GROUP BY ledger, name`;
  let count = 0;
  for (let page = 0; page < pages; page += SLICE_PAGES) {
    const slice = [`(${page},0)`, `(${page + SLICE_PAGES},0)`, ledger ?? null];
    const { rows } = await database.query<SumRow>(sql, slice);
    for (const row of rows) {
      sums.add(
        { table, ledger: row.ledger, name: row.name },
        { count: row.count, units: BigInt(row.units) },
      );
      count += row.count;
    }
  }
  return count;
}

interface SumRow {
  ledger: string;
  name: string;
  count: number;
  units: string;
}

/** The texts of the columns of a row, in the order of the table. */
export type StoredRow = readonly string[];

export function rowsInBucket(
  stored: StoredGeneration,
  { table, ledger, name }: Bucket,
): Promise<StoredRow[]> {
  return fetchRows(stored, table, `ledger = $1 AND ${bucketNameSql(table)} = $2`, [ledger, name]);
}

/** Accounts of a ledger, in a table that has a column for them. */
export interface AccountRows {
  readonly table: Table;
  readonly column: string;
  readonly ledger: string;
  readonly accounts: readonly string[];
}

/** Adds up what is stored of accounts. */
export async function addStoredOfAccounts(
  { database, schema }: StoredGeneration,
  { table, column, ledger, accounts }: AccountRows,
  sums: Fingerprints,
): Promise<void> {
  const { rows } = await database.query<Omit<SumRow, 'ledger'>>(
    `SELECT name, count(*)::integer AS count, sum(units)::text AS units FROM (
      SELECT ${bucketNameSql(table)} AS name, ${hashUnitsSql(rowTextSql(table))} AS units
      FROM ${schema}.${table.name} WHERE ledger = $1 AND ${column} = ANY ($2)
    ) AS hashed GROUP BY name`,
    [ledger, accounts],
  );
  for (const { name, count, units } of rows) {
    sums.add({ table, ledger, name }, { count, units: BigInt(units) });
  }
}

/** The rows of a bucket that are of these accounts. */
export function rowsOfAccounts(
  stored: StoredGeneration,
  { table, column, ledger, accounts }: AccountRows,
  { name }: Bucket,
): Promise<StoredRow[]> {
  const condition = `ledger = $1 AND ${column} = ANY ($2) AND ${bucketNameSql(table)} = $3`;
  return fetchRows(stored, table, condition, [ledger, accounts, name]);
}

async function fetchRows(
  { database, schema }: StoredGeneration,
  table: Table,
  condition: string,
  values: readonly unknown[],
): Promise<StoredRow[]> {
  const { rows } = await database.query<string[]>({
    text: `SELECT ${columnTexts(table).join(', ')} FROM ${schema}.${table.name}
      WHERE ${condition} ORDER BY ${table.key.join(', ')}`,
    values: [...values],
    rowMode: 'array',
  });
  return rows;
}
