// Rows as texts that come out the same, whether made here from what the log leads to or by Postgres from
// what is stored: so that two sides can be compared by their hashes, without fetching a row.
import { type RowChange, type Table } from '../../engine/table.js';
import { jsonbText } from './jsonb-text.js';

type Value = string | number | boolean;
type ColumnType = Table['columns'][string];

/** Never alone: the sign after it tells whether it parts columns, is a null, or stands in a text itself. */
const MARK = '\u001f';
const SEPARATOR = `${MARK}|`;
const NULL = `${MARK}0`;
const MARK_IN_TEXT = `${MARK}=`;

/** The SQL for the text of every column, in the order of the table. */
export function columnTexts(table: Table): string[] {
  return Object.entries(table.columns).map(([column, type]) =>
    isNullable(type)
      ? `coalesce(${textSql(column, type)}, ${literal(NULL)})`
      : textSql(column, type),
  );
}

/** The SQL for the text of the whole row. */
export function rowTextSql(table: Table): string {
  return `concat_ws(${literal(SEPARATOR)}, ${columnTexts(table).join(', ')})`;
}

// Other types never write the mark: JSON escapes it.
function textSql(column: string, type: ColumnType): string {
  switch (baseOf(type)) {
    case 'timestamptz':
      // What Postgres writes for a time takes it long, and its bytes do not.
      return `timestamptz_send(${column})::text`;
    case 'text':
      return `replace(${column}, ${literal(MARK)}, ${literal(MARK_IN_TEXT)})`;
    default:
      return `${column}::text`;
  }
}

function literal(text: string): string {
  return `E'${text.replace(MARK, '\\x1f')}'`;
}

/** The texts of a row, in the order of the table's columns. */
export function canonicalValues({ table, row }: Pick<RowChange, 'table' | 'row'>): string[] {
  return writersOf(table).map(([column, write]) => {
    const value = row[column];
    return value === null || value === undefined ? NULL : write(value);
  });
}

export function rowText(change: Pick<RowChange, 'table' | 'row'>): string {
  return canonicalValues(change).join(SEPARATOR);
}

type Writers = readonly (readonly [column: string, write: (value: Value) => string])[];

const writers = new WeakMap<Table, Writers>();

/** How each column of a table is written; the same for all of its rows. */
function writersOf(table: Table): Writers {
  const known = writers.get(table);
  if (known) return known;
  const made = Object.entries(table.columns).map(
    ([column, type]) => [column, writerOf(type)] as const,
  );
  writers.set(table, made);
  return made;
}

function writerOf(type: ColumnType): (value: Value) => string {
  switch (baseOf(type)) {
    case 'timestamptz':
      return lastRemembered((value) => timeBytes(String(value)));
    case 'jsonb':
      return (value) => jsonbText(JSON.parse(String(value)));
    case 'text':
      return (value) => String(value).replaceAll(MARK, MARK_IN_TEXT);
    default:
      return String;
  }
}

/** Of one event, and of many after each other, the times are often the same. */
function lastRemembered(write: (value: Value) => string): (value: Value) => string {
  let last: { readonly value: Value; readonly text: string } | undefined;
  return (value) => {
    if (last?.value !== value) last = { value, text: write(value) };
    return last.text;
  };
}

/** For people: what a canonical text of a column stands for. */
export function shownValue(type: ColumnType, text: string | undefined): string {
  if (text === undefined) return 'nothing';
  if (text === NULL) return 'null';
  return baseOf(type) === 'timestamptz' ? timeOf(text) : text.replaceAll(MARK_IN_TEXT, MARK);
}

const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);
const TIME_DIGITS = 16;

/** Microseconds since Postgres' epoch, as the eight bytes that it sends: `\x0002...`. */
function timeBytes(time: string): string {
  const micros = BigInt(Date.parse(time) - POSTGRES_EPOCH_MS) * 1000n;
  return `\\x${BigInt.asUintN(64, micros).toString(16).padStart(TIME_DIGITS, '0')}`;
}

function timeOf(text: string): string {
  const micros = BigInt.asIntN(64, BigInt(text.replace('\\x', '0x')));
  const rest = micros % 1000n;
  const time = new Date(Number(micros / 1000n) + POSTGRES_EPOCH_MS).toISOString();
  return rest === 0n ? time : `${time} and ${rest} microseconds`;
}

function baseOf(type: ColumnType): string {
  return isNullable(type) ? type.slice(0, -1) : type;
}

function isNullable(type: ColumnType): boolean {
  return type.endsWith('?');
}
