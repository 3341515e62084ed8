// Tables of read models as data. One description gives the DDL, the type of a row, and the part of
// the batch statement that writes rows, so that the three cannot drift apart.

/** `text` and the like are NOT NULL; a question mark allows null: `text?`. */
export type ColumnType = SqlType | `${SqlType}?`;
type SqlType =
  | 'text'
  | 'bigint'
  | 'integer'
  | 'boolean'
  | 'numeric'
  | 'numeric[]'
  | 'date'
  | 'timestamptz'
  | 'timestamptz[]'
  | 'jsonb'
  | 'uuid';

type Value = string | number | boolean;

/** What a column is given: numbers for integers that fit, text for all but booleans, JSON included. */
type ValueOf<Type extends ColumnType> = Type extends `${SqlType}?` ? Value | null : Value;

export interface Table {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly key: readonly string[];
  /**
   * `put`: a row replaces the one with its key. `add`: a row is new, and one more with the same key
   * is a contradiction that parks the ledger. `revise`: a row is new too, unless it says that it
   * replaces the one that is there. `derived`: Postgres fills it by itself, from rows of other tables.
   */
  readonly write: 'put' | 'add' | 'revise' | 'derived';
  /** What stands after `CREATE INDEX ON <table>`. */
  readonly indexes: readonly string[];
  /** Statements for what else belongs to the table, made when all tables of the schema are there. */
  readonly definitions?: (schema: string) => readonly string[];
}

export type Row<T extends Table> = {
  readonly [Column in keyof T['columns']]: ValueOf<T['columns'][Column]>;
};

/** A row to be written; what becomes of it is up to the table's `write`. */
export interface RowChange {
  readonly table: Table;
  readonly row: Readonly<Record<string, Value | null>>;
  /** Of a `revise` table: the row replaces the one with its key. */
  readonly replaces: boolean;
  /** Of a `put` table: tells the row from those with other keys. */
  readonly key?: string;
}

/** Whether its rows are those that events lead to, and not made by Postgres of others. */
export function isFolded({ write }: Table): boolean {
  return write !== 'derived';
}

export function rowOf<T extends Table & { readonly write: 'add' | 'revise' }>(
  table: T,
  row: Row<T>,
): RowChange {
  return { table, row, replaces: false };
}

/**
 * A row of which only the last under its key counts: it is made when somebody looks at it, which is seldom.
 * @param key another one for each row.
 */
export function latestRow<T extends Table & { readonly write: 'put' }>(
  table: T,
  key: string,
  make: () => Row<T>,
): RowChange {
  return new LatestRow(table, key, make);
}

class LatestRow implements RowChange {
  readonly replaces = false;

  constructor(
    readonly table: Table,
    readonly key: string,
    private readonly make: () => RowChange['row'],
  ) {}

  get row(): RowChange['row'] {
    return this.make();
  }
}

/** A row in place of one that was written before. */
export function revisedRow<T extends Table & { readonly write: 'revise' }>(
  table: T,
  row: Row<T>,
): RowChange {
  return { table, row, replaces: true };
}

/** The statements that make empty tables in `schema`. */
export function createTables(schema: string, tables: readonly Table[]): string[] {
  const definitions = tables.flatMap((table) => table.definitions?.(schema) ?? []);
  return [...tables.flatMap((table) => createTable(schema, table)), ...definitions];
}

function createTable(schema: string, table: Table): string[] {
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

export interface Insertion {
  /** The number of the first of the parameters, one array per column. */
  readonly firstParameter: number;
  /** A FROM item that is empty when nothing is to be inserted. */
  readonly onlyIf: string;
  /** Whether rows replace those with their keys; otherwise there must be none. */
  readonly replacing: boolean;
}

export function insertRows(
  schema: string,
  table: Table,
  { firstParameter, onlyIf, replacing }: Insertion,
): string {
  const columns = Object.keys(table.columns);
  const arrays = Object.values(table.columns).map(
    (type, index) => `unnest($${firstParameter + index}::${sqlTypeOf(type)}[])`,
  );
  const others = columns.filter((column) => !table.key.includes(column));
  const onConflict = replacing
    ? ` ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ` +
      others.map((column) => `${column} = EXCLUDED.${column}`).join(', ')
    : '';
  return (
    `INSERT INTO ${schema}.${table.name} (${columns.join(', ')}) ` +
    `SELECT ${arrays.join(', ')} FROM ${onlyIf}${onConflict}`
  );
}

/** How a value is written in an array literal of its column. */
export function elementWriter(type: ColumnType): (value: Value) => string {
  switch (sqlTypeOf(type)) {
    case 'jsonb':
      // Which escapes what an array does: JSON has no control characters, where the two would differ.
      return (value) => JSON.stringify(value);
    case 'text':
      return quoted;
    default:
      return String;
  }
}

const NEEDS_ESCAPE = /["\\]/;
const ALL_TO_ESCAPE = /["\\]/g;

function quoted(value: Value): string {
  const text = String(value);
  return NEEDS_ESCAPE.test(text) ? `"${text.replace(ALL_TO_ESCAPE, '\\$&')}"` : `"${text}"`;
}

function sqlTypeOf(type: ColumnType): string {
  return isNullable(type) ? type.slice(0, -1) : type;
}

function isNullable(type: ColumnType): boolean {
  return type.endsWith('?');
}
