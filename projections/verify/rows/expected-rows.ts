// What the log leads to, row by row: the booking and the projections of this code, on books that begin
// empty. Only the accounts and the rows that are replaced all the time are kept.
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

/** What an event does to the rows of tables whose rows stay, as they are or revised. */
export interface RowsOfEvent {
  /** The accounts that it touched, as they are afterwards. */
  readonly accounts: readonly AccountBook[];
  readonly added: readonly RowChange[];
  /** Rows as they were before, that are there no more. */
  readonly removed: readonly RowChange[];
}

export class ExpectedRows {
  private readonly books = emptyBooks();
  /** Of tables whose rows are replaced: the last one under each key. */
  private readonly put = new Map<string, RowChange>();

  /** @param history of the transfer that the event acts on. Throws InvariantViolation. */
  apply(recorded: RecordedEvent, history: TransferHistory | undefined): RowsOfEvent {
    const { transfers } = this.books;
    const before = history && transferBook(recorded, history);
    if (before) transfers.set(keyIn(recorded.ledger, before.request.id), before);
    try {
      const booking = book(this.books, recorded);
      const added: RowChange[] = [];
      for (const change of READ_MODELS.flatMap(({ project }) => project(booking))) {
        const { table, key } = change;
        if (key === undefined) added.push(change);
        else this.put.set(keyIn(table.name, key), change);
      }
      const removed = before && booking.actedOn ? rowsBefore(booking, before) : [];
      return { accounts: booking.accounts, added, removed };
    } finally {
      transfers.clear();
    }
  }

  /** The rows of tables whose rows are replaced, as they are now. */
  latest(): Iterable<RowChange> {
    return this.put.values();
  }
}

const NOTHING = { accounts: [], decided: [], actedOn: undefined, movements: [] } as const;

/** Rows that are replaced when a transfer is acted on. */
function rowsBefore(booking: Booking, before: TransferBook): RowChange[] {
  const decidedThen = { ...booking, ...NOTHING, decided: [before] };
  return READ_MODELS.flatMap(({ project }) => project(decidedThen)).filter(
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
