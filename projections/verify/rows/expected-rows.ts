// What the log leads to, row by row: the booking and the projections of this code, on books that begin
// empty. Nothing is kept but the accounts: rows that never change again are passed on at once.
import { type LegTotals } from '../../../src/domain/ledger/transfer-events.js';
import { stateAfter } from '../../../src/domain/ledger/transfer.js';
import { type RecordedEvent } from '../../../src/event-store/codec.js';
import { type AccountBook, type Booking, type TransferBook } from '../../books/booking.js';
import { book } from '../../books/books.js';
import { emptyBooks, keyIn, transferTouched } from '../../books/touched.js';
import { decidedTransfer } from '../../books/transfer-books.js';
import { type RowChange } from '../../engine/table.js';
import { READ_MODELS } from '../../registry.js';
import { type TransferHistory } from '../transfer-histories.js';

/** Read models of which rows can be told from the books at any time. */
const OF_BOOKS = READ_MODELS.filter(({ tables }) => tables.every(({ write }) => write === 'put'));
const OF_EVENTS = READ_MODELS.filter((readModel) => !OF_BOOKS.includes(readModel));

/** What an event does to the rows of tables that are not rewritten by every event. */
export interface RowsOfEvent {
  /** The accounts that it touched, as they are afterwards. */
  readonly accounts: readonly AccountBook[];
  readonly added: readonly RowChange[];
  /** Rows as they were before, that are there no more. */
  readonly removed: readonly RowChange[];
}

export class ExpectedRows {
  private readonly books = emptyBooks();
  private lastBooking: Booking | undefined;

  /** @param history of the transfer that the event acts on. Throws InvariantViolation. */
  apply(recorded: RecordedEvent, history: TransferHistory | undefined): RowsOfEvent {
    const { transfers } = this.books;
    const before = history && transferBook(recorded, history);
    if (before) transfers.set(keyIn(recorded.ledger, before.request.id), before);
    try {
      const booking = book(this.books, recorded);
      this.lastBooking = booking;
      const added = OF_EVENTS.flatMap(({ project }) => project(booking));
      const removed = before && booking.actedOn ? rowsBefore(booking, before) : [];
      return { accounts: booking.accounts, added, removed };
    } finally {
      transfers.clear();
    }
  }

  /** The rows of tables that are rewritten by every event, as the last one left them. */
  *latest(): Generator<RowChange> {
    const last = this.lastBooking;
    if (!last) return;
    const accounts = new Map([...this.books.ledgers.keys()].map((id) => [id, [] as AccountBook[]]));
    for (const account of this.books.accounts.values()) accounts.get(account.ledger)?.push(account);
    for (const ledger of this.books.ledgers.values()) {
      const { decided, actedOn, movements } = NOTHING;
      const of = { recorded: last.recorded, decided, actedOn, movements, ledger };
      for (const { project } of OF_BOOKS) {
        yield* project({ ...of, accounts: accounts.get(ledger.id) ?? [] });
      }
    }
  }
}

const NOTHING = { accounts: [], decided: [], actedOn: undefined, movements: [] } as const;

/** Rows that are replaced when a transfer is acted on. */
function rowsBefore(booking: Booking, before: TransferBook): RowChange[] {
  const decidedThen = { ...booking, ...NOTHING, decided: [before] };
  return OF_EVENTS.flatMap(({ project }) => project(decidedThen)).filter(
    ({ table }) => table.write === 'revise',
  );
}

/** The transfer that an event is about to act on, as the events before it left it. */
function transferBook(
  recorded: RecordedEvent,
  { decided, lastAct }: TransferHistory,
): TransferBook | undefined {
  const made = madeBy(decided, transferTouched(recorded));
  const totals = lastAct && totalsIn(lastAct);
  if (!made || !lastAct || !totals) return made;
  const state = stateAfter(lastAct.event.type, totals);
  return { ...made, totals, state, statePosition: lastAct.position };
}

function madeBy(recorded: RecordedEvent, id: string | undefined): TransferBook | undefined {
  const { event } = recorded;
  switch (event.type) {
    case 'TransferPosted':
      return decidedTransfer(recorded, event.data, { state: 'posted' });
    case 'TransferHeld':
      return decidedTransfer(recorded, event.data, { state: 'pending' });
    case 'TransferRefused': {
      const { refusal } = event.data;
      return decidedTransfer(recorded, event.data, { state: 'refused', refusal });
    }
    case 'BatchPosted': {
      const index = event.data.transfers.findIndex((transfer) => transfer.id === id);
      const request = event.data.transfers[index];
      if (!request) return undefined;
      const state = request.pending ? 'pending' : 'posted';
      return decidedTransfer(recorded, request, { state, batch: { id: event.data.id, index } });
    }
    default:
      return undefined;
  }
}

function totalsIn({ event }: RecordedEvent): readonly LegTotals[] | undefined {
  return 'totals' in event.data ? event.data.totals : undefined;
}
