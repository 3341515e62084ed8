// The stream, booked from its beginning, with what the auditor objects to on the way.
import { type StoredEvent } from '../../../src/event-store/event-store.js';
import {
  bookChange,
  bookLedger,
  bookOpened,
  changed,
  closed,
  frozen,
  unfrozen,
} from './account-events.js';
import { type Booking } from './booking.js';
import { Books } from './books.js';
import { type Finding, type Report, type Rule } from './findings.js';
import { bookCapture, bookExpiry, bookVoid } from './act-events.js';
import { bookBatch } from './batch-events.js';
import { bookClosedPeriod, bookReopenedPeriod } from './period-events.js';
import { bookTransfer } from './transfer-events.js';

/** A type of events that is not here is itself a finding. */
const BOOKINGS: Readonly<Record<string, (booking: Booking) => void>> = {
  LedgerOpened: bookLedger,
  AccountOpened: bookOpened,
  AccountChanged: bookChange(changed),
  AccountFrozen: bookChange(frozen),
  AccountUnfrozen: bookChange(unfrozen),
  AccountClosed: bookChange(closed),
  PeriodClosed: bookClosedPeriod,
  PeriodReopened: bookReopenedPeriod,
  TransferPosted: bookTransfer,
  TransferHeld: bookTransfer,
  TransferRefused: bookTransfer,
  TransferCaptured: bookCapture,
  CaptureRefused: bookCapture,
  TransferVoided: bookVoid,
  VoidRefused: bookVoid,
  TransferExpired: bookExpiry,
  BatchPosted: bookBatch,
  BatchRefused: bookBatch,
};

export function fold(events: readonly StoredEvent[]): { books: Books; findings: Finding[] } {
  const books = new Books();
  const findings: Finding[] = [];
  for (const event of events) {
    const where = `revision ${event.revision}`;
    const report = (rule: Rule, what: string) => void findings.push({ rule, where, what });
    const book = BOOKINGS[event.type];
    if (book) attempt(() => book({ books, event, report }), report);
    else report('books', `an event of type ${event.type}, which the auditor does not know`);
    for (const [currency, difference] of books.differences) {
      if (difference !== 0n)
        report('books', `debits less credits of ${currency} are ${difference}`);
    }
  }
  return { books, findings };
}

// An event that makes no sense at all must not keep the others from being audited.
function attempt(book: () => void, report: Report): void {
  try {
    book();
  } catch (error) {
    report('books', String(error));
  }
}
