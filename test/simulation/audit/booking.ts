// What booking one event of the stream takes.
import { type StoredEvent } from '../../../src/event-store/event-store.js';
import { type Books } from './books.js';
import { type Report } from './findings.js';

export interface Booking {
  /** As the events before left them; this one is entered. */
  readonly books: Books;
  readonly event: StoredEvent;
  readonly report: Report;
}
