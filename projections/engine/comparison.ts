// What differs between two generations that have applied the same part of the log, row by row. Postgres
// does the comparing; only what differs comes here, and of that no more than a person reads.
import { type ClientBase } from 'pg';
import { type SharedTable, comparisonSql, tablesOfTwo } from './comparison-sql.js';
import { schemaOf } from './generations.js';
import { readParkedLanes } from './lanes.js';

/** Of each table so many accounts are named; the rest is counted. */
export const ACCOUNTS_NAMED_MAX = 20;

interface Counts {
  /** Rows that both have, with other contents. */
  readonly changed: number;
  readonly onlyInLive: number;
  readonly onlyInNext: number;
  /** The columns in which rows differ that both have. */
  readonly columns: readonly string[];
}

/** What differs about one account; about a whole ledger where the table has no accounts. */
export interface AccountDifference extends Counts {
  readonly ledger: string | null;
  readonly account: string | null;
  /** The earliest event that one of the rows comes from; its parts are null in tables that do not say. */
  readonly firstEvent: {
    readonly revision: number | null;
    readonly position: string | null;
    readonly id: string | null;
  };
}

export interface TableDifference extends Counts {
  readonly table: string;
  /** The first of them, at most ACCOUNTS_NAMED_MAX. */
  readonly accounts: readonly AccountDifference[];
}

/** What two generations cannot be compared by, because only one of them has it. */
export interface ShapeDifference {
  readonly table: string;
  /** Null: the table as a whole. */
  readonly column: string | null;
  readonly in: 'live' | 'next' | 'both, of another type or key';
}

export interface Comparison {
  readonly live: number;
  readonly next: number;
  /** Up to where both have applied the log; null before the first event. */
  readonly position: string | null;
  /** Tables in which rows differ. */
  readonly tables: readonly TableDifference[];
  readonly shapes: readonly ShapeDifference[];
  /** Ledgers that are parked in the next one, and not in the live one. */
  readonly parked: readonly string[];
}

export function isSame({ tables, parked }: Comparison): boolean {
  return tables.length === 0 && parked.length === 0;
}

export interface Compared {
  readonly live: number;
  readonly next: number;
  readonly position: string | null;
  /** Whether a table counts, by its name; all do when absent. */
  readonly isAskedFor?: (table: string) => boolean;
}

/**
 * In the caller's transaction, whose snapshot has both at the same place. On a connection whose statements
 * may take minutes: each compares a whole table.
 */
export async function compareGenerations(
  database: ClientBase,
  { live, next, position, isAskedFor = () => true }: Compared,
): Promise<Comparison> {
  const [liveSchema, nextSchema] = [schemaOf(live), schemaOf(next)];
  const found = await tablesOfTwo(database, liveSchema, nextSchema);
  const tables: TableDifference[] = [];
  for (const table of found.shared.filter(({ name }) => isAskedFor(name))) {
    const difference = await compareTable(database, table, [liveSchema, nextSchema]);
    if (difference) tables.push(difference);
  }
  const whole = (names: readonly string[], where: ShapeDifference['in']) =>
    names.map((table) => ({ table, column: null, in: where }));
  const shapes = [
    ...whole(found.onlyInLive, 'live'),
    ...whole(found.onlyInNext, 'next'),
    ...whole(found.ofOtherKey, 'both, of another type or key'),
    ...found.shared.flatMap(shapesOf),
  ];
  return {
    ...{ live, next, position, tables },
    shapes: shapes.filter(({ table }) => isAskedFor(table)),
    parked: await newlyParked(database, live, next),
  };
}

async function newlyParked(database: ClientBase, live: number, next: number): Promise<string[]> {
  const before = await readParkedLanes(database, live);
  const now = await readParkedLanes(database, next);
  return [...now.keys()].filter((ledger) => !before.has(ledger));
}

function shapesOf({ name, onlyInLive, onlyInNext, ofOtherType }: SharedTable): ShapeDifference[] {
  const inside = (columns: readonly string[], where: ShapeDifference['in']) =>
    columns.map((column) => ({ table: name, column, in: where }));
  return [
    ...inside(onlyInLive, 'live'),
    ...inside(onlyInNext, 'next'),
    ...inside(ofOtherType, 'both, of another type or key'),
  ];
}

interface CountsRow {
  only_in_live: number;
  only_in_next: number;
  changed: number;
  bits: string;
}

interface AccountRow extends CountsRow {
  ledger: string | null;
  account: string | null;
  revision: number | null;
  position: string | null;
  event_id: string | null;
}

async function compareTable(
  database: ClientBase,
  table: SharedTable,
  [liveSchema, nextSchema]: readonly [string, string],
): Promise<TableDifference | undefined> {
  const { rows } = await database.query<{ totals: CountsRow; accounts: AccountRow[] }>(
    comparisonSql(table, liveSchema, nextSchema),
    [ACCOUNTS_NAMED_MAX],
  );
  const [row] = rows;
  if (!row) return undefined;
  const counts = countsOf(row.totals, table);
  if (counts.changed + counts.onlyInLive + counts.onlyInNext === 0) return undefined;
  const accounts = row.accounts.map(({ ledger, account, revision, position, ...rest }) => ({
    ...{ ledger, account, ...countsOf(rest, table) },
    firstEvent: { revision, position, id: rest.event_id },
  }));
  return { table: table.name, ...counts, accounts };
}

function countsOf(row: CountsRow, { columns }: SharedTable): Counts {
  const bits = BigInt(row.bits);
  return {
    changed: row.changed,
    onlyInLive: row.only_in_live,
    onlyInNext: row.only_in_next,
    columns: columns.filter((_, bit) => (bits >> BigInt(bit)) & 1n),
  };
}
