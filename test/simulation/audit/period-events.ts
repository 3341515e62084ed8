// Periods closed and opened again, booked naively.
import { type Booking } from './booking.js';

export function bookClosedPeriod({ books, event, report }: Booking): void {
  const through = String(event.data['through']);
  const recordedAt = String(event.data['recordedAt']);
  if (through >= recordedAt.slice(0, 10)) report('books', `${through} is closed before it is over`);
  if (books.closedThrough !== null && through <= books.closedThrough) {
    report('books', `${through} is closed, and was so already`);
  }
  books.closeThrough(event.revision, through);
}

export function bookReopenedPeriod({ books, event, report }: Booking): void {
  const closedThrough = event.data['closedThrough'] as string | null;
  const before = books.closedThrough;
  if (before === null || (closedThrough !== null && closedThrough >= before)) {
    report('books', `what is after ${closedThrough} is opened again, and was open already`);
  }
  books.closeThrough(event.revision, closedThrough);
}
