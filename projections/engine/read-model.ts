// What a read model is: tables, a pure function that fills them, and the views that show them.
import { type Booking } from '../books/booking.js';
import { type RowChange, type Table } from './table.js';

export interface ReadModel {
  /** As operators call it: `account`. */
  readonly name: string;
  readonly tables: readonly Table[];
  /** Views of the schema `reporting`; their columns are a contract: new ones go to the end. */
  readonly views: readonly View[];
  /** The rows that an event leads to. Pure: the same booking always gives the same rows. */
  readonly project: (booking: Booking) => readonly RowChange[];
}

export interface View {
  readonly name: string;
  /** The query behind the view, on the tables in `schema`. */
  readonly select: (schema: string) => string;
}
