// Projections as sentences: given the events of a ledger, then these rows.
import { type Booking } from '../../projections/books/booking.js';
import { book } from '../../projections/books/books.js';
import { emptyBooks } from '../../projections/books/touched.js';
import { type ReadModel } from '../../projections/engine/read-model.js';
import { type RowChange } from '../../projections/engine/table.js';
import { type LedgerEvent } from '../../src/domain/ledger/events.js';
import { type RecordedEvent } from '../../src/event-store/codec.js';

const POSITION_STEP = 100n;

/** An event of the ledger `shop` as the log delivers it. */
export function recorded(event: LedgerEvent, revision: number): RecordedEvent {
  return {
    event,
    ledger: 'shop',
    revision,
    position: BigInt(revision) * POSITION_STEP,
    id: `00000000-0000-8000-8000-${String(revision).padStart(12, '0')}`,
    created: new Date('2026-03-01T12:00:00.000Z'),
    metadata: {
      schemaVersion: 1,
      ...{ actor: 'tester', requestId: 'r', $correlationId: 'r', $causationId: 'r' },
      ...{ clientAddress: null, previousHash: '', hash: `hash-${revision}` },
    },
  };
}

export function given(...history: readonly LedgerEvent[]) {
  const books = emptyBooks();
  const bookings = history.map((event, revision) => book(books, recorded(event, revision)));
  return {
    books,
    /** What the last event did. */
    lastBooking: () => bookings.at(-1) as Booking,
    /** The rows that all events lead to, by the names of their tables. */
    rows: ({ project }: ReadModel) => bookings.flatMap((booking) => namedRows(project(booking))),
    /** Books one more event. */
    then: (event: LedgerEvent, revision = history.length) => book(books, recorded(event, revision)),
  };
}

/** A row with the name of its table. */
export type NamedRow = RowChange['row'] & { readonly table: string };

function namedRows(changes: readonly RowChange[]): NamedRow[] {
  return changes.map(({ table, row }) => ({ table: table.name, ...row }));
}
