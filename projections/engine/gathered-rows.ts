// Rows on their way into their tables. Those of an event are written soon in the form in which they are sent,
// so that what they were made of is not kept until then: there are millions of them in a rebuild.
import { type RowChange, type Table, elementWriter } from './table.js';

type Row = RowChange['row'];

/** The rows that some events lead to. */
export type GatheredRows = ReadonlyMap<Table, Gathered>;

/** Rows of one table. */
interface Gathered {
  /** Of rows to be added that stay as they are: the values of each column, as in an array literal. */
  readonly added: readonly string[];
  /** Others, which rows to come may take the place of. */
  readonly kept: readonly RowChange[];
}

export const NO_ROWS: GatheredRows = new Map();

export function gathered(changes: readonly RowChange[]): GatheredRows {
  const byTable = new Map<Table, RowChange[]>();
  for (const change of changes) {
    const rows = byTable.get(change.table);
    if (rows) rows.push(change);
    else byTable.set(change.table, [change]);
  }
  return new Map(Array.from(byTable, ([table, all]) => [table, gatheredOf(table, all)]));
}

function gatheredOf(table: Table, changes: readonly RowChange[]): Gathered {
  switch (table.write) {
    case 'put':
      return { added: [], kept: latestOf(changes) };
    case 'revise':
      return { added: [], kept: changes };
    default:
      return { added: columnTexts(table, rowsOf(changes)), kept: [] };
  }
}

/** How rows of a table are written: as new ones, or in place of those with their keys. */
export type Way = 'added' | 'put';

/**
 * The rows of a table turned on their side: one array literal per column, in the order of the columns. Of
 * several rows to be put under one key, they have the last.
 */
export function columnArrays(table: Table, way: Way, all: readonly GatheredRows[]): string[] {
  const parts = all.flatMap((rows) => rows.get(table) ?? []);
  const texts = partsOfColumns(table, way, parts);
  return Object.keys(table.columns).map(
    (_, column) => `{${texts.map((columns) => columns[column]).join(',')}}`,
  );
}

function partsOfColumns(
  table: Table,
  way: Way,
  parts: readonly Gathered[],
): readonly (readonly string[])[] {
  if (table.write === 'add') return parts.map(({ added }) => added);
  const kept = parts.flatMap((part) => part.kept);
  const rows = table.write === 'put' ? rowsOf(latestOf(kept)) : revisedRows(table, kept)[way];
  return rows.length === 0 ? [] : [columnTexts(table, rows)];
}

function latestOf(changes: readonly RowChange[]): RowChange[] {
  const latest = new Map(changes.map((change) => [change.key, change]));
  return [...latest.values()];
}

// One statement cannot replace a row that it adds itself: what replaces one is added in its place.
function revisedRows(table: Table, changes: readonly RowChange[]): Record<Way, Row[]> {
  const added: Row[] = [];
  const addedAt = new Map<string, number>();
  const put = new Map<string, Row>();
  for (const { row, replaces } of changes) {
    const key = table.key.map((column) => row[column]).join('\n');
    const place = addedAt.get(key);
    if (!replaces) addedAt.set(key, added.push(row) - 1);
    else if (place === undefined) put.set(key, row);
    else added[place] = row;
  }
  return { added, put: [...put.values()] };
}

function rowsOf(changes: readonly RowChange[]): Row[] {
  return changes.map(({ row }) => row);
}

// The driver would write the same, but it looks into every value: most of what writing rows costs it.
function columnTexts(table: Table, rows: readonly Row[]): string[] {
  return Object.entries(table.columns).map(([column, type]) => {
    const write = elementWriter(type);
    return rows.map((row) => written(row[column], write)).join(',');
  });
}

function written(value: Row[string] | undefined, write: ReturnType<typeof elementWriter>): string {
  return value === null || value === undefined ? 'NULL' : write(value);
}
