// Tables of read models as data. One description gives the DDL, the type of a row, and the part of
// the batch statement that writes rows, so that the three cannot drift apart.

/** `text` and the like are NOT NULL; a question mark allows null: `text?`. */
type ColumnType = SqlType | `${SqlType}?`;
type SqlType = 'text' | 'bigint' | 'integer' | 'numeric' | 'timestamptz' | 'jsonb' | 'uuid';

/** What a column is given: numbers for integers that fit, text for all else, JSON included. */
type ValueOf<Type extends ColumnType> = Type extends `${SqlType}?`
  ? string | number | null
  : string | number;

export interface Table {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly key: readonly string[];
  /**
   * `put`: a row replaces the one with its key. `add`: a row is new, and one more with the same key
   * is a contradiction that stops the projection.
   */
  readonly write: 'put' | 'add';
  /** What stands after `CREATE INDEX ON <table>`. */
  readonly indexes: readonly string[];
}

export type Row<T extends Table> = {
  readonly [Column in keyof T['columns']]: ValueOf<T['columns'][Column]>;
};

/** A row to be written; what becomes of it is up to the table's `write`. */
export interface RowChange {
  readonly table: Table;
  readonly row: Readonly<Record<string, string | number | null>>;
}

export function rowOf<T extends Table>(table: T, row: Row<T>): RowChange {
  return { table, row };
}

/** The statements that make an empty table in `schema`. */
export function createTable(schema: string, table: Table): string[] {
  const name = `${schema}.${table.name}`;
  const columns = Object.entries(table.columns).map(([column, type]) => {
    // In the order of their bytes, identifiers sort the same everywhere, and prefixes use the index.
    const collation = sqlTypeOf(type) === 'text' ? ' COLLATE "C"' : '';
    return `${column} ${sqlTypeOf(type)}${collation}${isNullable(type) ? '' : ' NOT NULL'}`;
  });
  // Rows that are replaced find room for the next version on their own page.
  const storage = table.write === 'put' ? ' WITH (fillfactor = 80)' : '';
  return [
    `CREATE TABLE ${name} (${columns.join(', ')}, PRIMARY KEY (${table.key.join(', ')}))${storage}`,
    ...table.indexes.map((index) => `CREATE INDEX ON ${name} ${index}`),
  ];
}

/** Inserts rows given as one array per column, `firstParameter` being the first array's number. */
export function insertRows(
  schema: string,
  table: Table,
  { firstParameter, onlyIf }: { firstParameter: number; onlyIf: string },
): string {
  const columns = Object.keys(table.columns);
  const arrays = Object.values(table.columns).map(
    (type, index) => `$${firstParameter + index}::${sqlTypeOf(type)}[]`,
  );
  const others = columns.filter((column) => !table.key.includes(column));
  const onConflict =
    table.write === 'put'
      ? ` ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ` +
        others.map((column) => `${column} = EXCLUDED.${column}`).join(', ')
      : '';
  return (
    `INSERT INTO ${schema}.${table.name} (${columns.join(', ')}) ` +
    `SELECT fresh.* FROM ${onlyIf}, unnest(${arrays.join(', ')}) AS fresh${onConflict}`
  );
}

/** The rows turned on their side: one array per column, in the order of the columns. */
export function columnArrays(table: Table, rows: readonly RowChange['row'][]): unknown[][] {
  return Object.keys(table.columns).map((column) => rows.map((row) => row[column]));
}

function sqlTypeOf(type: ColumnType): string {
  return isNullable(type) ? type.slice(0, -1) : type;
}

function isNullable(type: ColumnType): boolean {
  return type.endsWith('?');
}
