// The SQL that compares two generations, table by table. What there is to compare is asked of the database,
// not of the code: generations of other versions have tables of their own.
import { type ClientBase } from 'pg';

/** A table as two generations have it. */
export interface SharedTable {
  readonly name: string;
  readonly key: readonly string[];
  /** Those that both have, with the same type. */
  readonly columns: readonly string[];
  readonly onlyInLive: readonly string[];
  readonly onlyInNext: readonly string[];
  readonly ofOtherType: readonly string[];
}

export interface TablesOfTwo {
  readonly shared: readonly SharedTable[];
  readonly onlyInLive: readonly string[];
  readonly onlyInNext: readonly string[];
  /** Their keys differ, so that rows cannot be told to be the same. */
  readonly ofOtherKey: readonly string[];
}

interface ColumnRow {
  schema: string;
  table: string;
  column: string;
  type: string;
  /** Its place in the primary key; null outside of it. */
  place: number | null;
}

/** The tables of two schemas, by name. */
export async function tablesOfTwo(
  database: ClientBase,
  liveSchema: string,
  nextSchema: string,
): Promise<TablesOfTwo> {
  const { rows } = await database.query<ColumnRow>(
    `SELECT c.relnamespace::regnamespace::text AS schema, c.relname AS table, a.attname AS column,
       format_type(a.atttypid, a.atttypmod) AS type,
       array_position(i.indkey::int2[], a.attnum) AS place
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
     WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text IN ($1, $2)
     ORDER BY c.relname, a.attnum`,
    [liveSchema, nextSchema],
  );
  const live = byTable(rows, liveSchema);
  const next = byTable(rows, nextSchema);
  const both = [...live.keys()].filter((name) => next.has(name));
  const shared = both.map((name) => sharedTable(name, live.get(name) ?? [], next.get(name) ?? []));
  const isComparable = ({ key }: SharedTable) => key.length > 0;
  return {
    shared: shared.filter(isComparable),
    onlyInLive: [...live.keys()].filter((name) => !next.has(name)),
    onlyInNext: [...next.keys()].filter((name) => !live.has(name)),
    ofOtherKey: shared.filter((table) => !isComparable(table)).map(({ name }) => name),
  };
}

function byTable(rows: readonly ColumnRow[], schema: string): Map<string, ColumnRow[]> {
  const tables = new Map<string, ColumnRow[]>();
  for (const row of rows) {
    if (row.schema !== schema) continue;
    tables.set(row.table, [...(tables.get(row.table) ?? []), row]);
  }
  return tables;
}

function sharedTable(
  name: string,
  live: readonly ColumnRow[],
  next: readonly ColumnRow[],
): SharedTable {
  const typeIn = (columns: readonly ColumnRow[], wanted: string) =>
    columns.find(({ column }) => column === wanted)?.type;
  const names = live.map(({ column }) => column);
  const inBoth = names.filter((column) => typeIn(next, column) !== undefined);
  const isSame = (column: string) => typeIn(live, column) === typeIn(next, column);
  const key = keyOf(live);
  const isKeySame = key.join() === keyOf(next).join() && key.every(isSame);
  return {
    name,
    key: isKeySame ? key : [],
    columns: inBoth.filter(isSame),
    onlyInLive: names.filter((column) => !inBoth.includes(column)),
    onlyInNext: next.map(({ column }) => column).filter((column) => !inBoth.includes(column)),
    ofOtherType: inBoth.filter((column) => !isSame(column)),
  };
}

function keyOf(columns: readonly ColumnRow[]): string[] {
  return columns
    .filter(({ place }) => place !== null)
    .sort((a, b) => Number(a.place) - Number(b.place))
    .map(({ column }) => column);
}

/** What a table may call the account that a row is about. */
const ACCOUNT_COLUMNS = ['account', 'address'];

/**
 * One row: `totals` of the rows that differ, and `accounts`, at most `$1` of them, those first that differ
 * from the earliest event on. Rows are compared byte by byte, so that 1.0 is not 1.00. The columns that
 * differ are a bit each, in the order of the table's.
 */
export function comparisonSql(
  { name, key, columns }: SharedTable,
  liveSchema: string,
  nextSchema: string,
): string {
  const image = (side: string) => `ROW(${columns.map((column) => `${side}.${column}`).join(', ')})`;
  const present = (column: string | undefined, type: string) =>
    column === undefined || !columns.includes(column)
      ? `NULL::${type}`
      : `coalesce(next.${column}, live.${column})`;
  const account = ACCOUNT_COLUMNS.find((column) => columns.includes(column));
  const bits = columns.map(
    (column, bit) =>
      `CASE WHEN ROW(live.${column})::record *<> ROW(next.${column})::record
         THEN ${2n ** BigInt(bit)}::bigint ELSE 0 END`,
  );
  const first = key[0] ?? '';
  return `
    WITH differing AS MATERIALIZED (
      SELECT ${present('ledger', 'text')} AS ledger, ${present(account, 'text')} AS account,
        ${present('revision', 'bigint')} AS revision, ${present('position', 'bigint')} AS position,
        ${present('event_id', 'uuid')} AS event_id,
        next.${first} IS NULL AS only_live, live.${first} IS NULL AS only_next,
        CASE WHEN live.${first} IS NULL OR next.${first} IS NULL THEN 0
          ELSE ${bits.join(' + ')} END AS bits
      FROM ${liveSchema}.${name} AS live FULL JOIN ${nextSchema}.${name} AS next
        ON ${key.map((column) => `live.${column} = next.${column}`).join(' AND ')}
      WHERE ${image('live')}::record *<> ${image('next')}::record
    ), grouped AS (
      SELECT ledger, account, ${COUNTS} FROM differing GROUP BY ledger, account
    ), first AS (
      SELECT DISTINCT ON (ledger, account) ledger, account, revision, position::text, event_id,
        position AS place
      FROM differing ORDER BY ledger, account, position, revision
    ), told AS (
      SELECT grouped.*, first.revision, first.position, first.event_id
      FROM grouped JOIN first ON first.ledger IS NOT DISTINCT FROM grouped.ledger
        AND first.account IS NOT DISTINCT FROM grouped.account
      ORDER BY first.place, ledger, account LIMIT $1
    )
    SELECT (SELECT row_to_json(t) FROM (SELECT ${COUNTS} FROM differing) AS t) AS totals,
      (SELECT coalesce(json_agg(told), '[]') FROM told) AS accounts`;
}

const COUNTS = `
  count(*) FILTER (WHERE only_live) AS only_in_live,
  count(*) FILTER (WHERE only_next) AS only_in_next,
  count(*) FILTER (WHERE NOT only_live AND NOT only_next) AS changed,
  coalesce(bit_or(bits), 0)::text AS bits`;
