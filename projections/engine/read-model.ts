// What a read model is: tables, a pure function that fills them, and what analysts see of them.
import { type Booking } from '../books/booking.js';
import { type RowChange, type Table } from './table.js';

export interface ReadModel {
  /** As operators call it: `account`. */
  readonly name: string;
  readonly tables: readonly Table[];
  readonly views: readonly View[];
  readonly functions?: readonly ReportingFunction[];
  /** The rows that an event leads to. Pure: the same booking always gives the same rows. */
  readonly project: (booking: Booking) => readonly RowChange[];
}

/**
 * What each column means, in words of an analyst: the unit, the sign, the time zone, and what null says.
 * They are the comments in the database and the lines of docs/data-dictionary.md.
 */
type Meanings = Readonly<Record<string, string>>;

/** A view of the schema `reporting`. */
export interface View {
  readonly name: string;
  /** What a row stands for. */
  readonly comment: string;
  /** Columns that are never the same in two rows; none when there is one row only. */
  readonly key: readonly string[];
  /** The columns, in their order. They are a contract: new ones go to the end. */
  readonly columns: Meanings;
  /** A query on the tables in `schema` with these columns, among others perhaps and in any order. */
  readonly select: (schema: string, generation: number) => string;
}

/** A function of the schema `reporting`, in SQL, with the rights of whoever owns the tables. */
export interface ReportingFunction {
  readonly name: string;
  /** What it answers. */
  readonly comment: string;
  /** In the order of a call. */
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** One value, or rows of these columns. */
  readonly returns: Typed | { readonly columns: Readonly<Record<string, Typed>> };
  /** A query on the tables in `schema`, and on functions of `reporting`; parameters are $1 and so on. */
  readonly body: (schema: string) => string;
}

interface Typed {
  /** As Postgres names it: `numeric`. */
  readonly type: string;
  readonly comment: string;
}

interface Parameter extends Typed {
  /** An SQL expression; without one the parameter has to be given. */
  readonly default?: string;
}

/** SQL: an amount in minor units, as a whole number. `scale` is the number of decimals of its currency. */
export function inMinorUnits(amount: string, scale: string): string {
  return `trunc(${amount} * 10::numeric ^ ${scale})`;
}

/** SQL: the day on which something counts. */
export function dayOf(time: string): string {
  return `(${time} AT TIME ZONE 'UTC')::date`;
}

/** Of rows that say when they count. */
export const BOOKED_ON = 'The day (UTC) of effective_at, on which it counts in the books.';

/** Of rows that say which event they come from. */
export const EVENT_PLACE = {
  revision: 'Place of the event in the stream of its ledger, counted from 0.',
  position: 'Place of the event in the whole log; grows from event to event, with gaps.',
  event_id: 'Id of the event in the log.',
} as const satisfies Meanings;

/** Of rows whose ledger may be parked; `withStaleness` gives the column. */
export const STALE_SINCE = {
  stale_since:
    'Null as a rule. Otherwise the ledger is parked, and the row may be out of date since then: ' +
    'parked_lane tells why.',
} as const satisfies Meanings;

/** A FROM item: a table that has a column `ledger`, with `stale_since`. */
export function withStaleness(table: string, generation: number): string {
  return `${table} LEFT JOIN (
      SELECT ledger, stale_since FROM daybook.parked_lane WHERE generation = ${generation}
    ) AS parked USING (ledger)`;
}
