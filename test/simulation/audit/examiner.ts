// What the auditor has to know of each kind of request.
import { type StoredEvent } from '../../../src/event-store/event-store.js';
import { type Answer } from '../journal.js';
import { type SingleRequest } from '../requests.js';
import { type Attempt } from './attempts.js';
import { type Books } from './books.js';
import { type Report } from './findings.js';

/** An attempt with its answer, and all that it can be held against. */
export interface Heard<R extends SingleRequest> {
  readonly attempt: Attempt<R>;
  readonly answer: Answer;
  readonly books: Books;
  readonly events: readonly StoredEvent[];
  /** The event in which what has this name was decided. */
  readonly decided: StoredEvent | undefined;
  readonly report: Report;
}

export interface Examiner<R extends SingleRequest> {
  /** Requests of the same name are decided once, however often they are sent; undefined for others. */
  readonly nameOf: (request: R) => string | undefined;
  /** In what an event is not what was asked for. */
  readonly mismatches: (request: R, event: StoredEvent, books: Books) => readonly string[];
  /** Examines an answer other than that the service cannot answer. */
  readonly examine: (heard: Heard<R>) => void;
}

/** Reports fields of a rejection other than those that differ from what was decided. */
export function examineFields<R extends SingleRequest>(
  { answer, report }: Heard<R>,
  differing: readonly string[],
): void {
  const fields = answer.body.error?.details['fields'] as readonly { field: string }[] | undefined;
  const told = (fields ?? []).map(({ field }) => field).toSorted();
  if (differing.length === 0) report('answer', 'is said to differ from what was decided the same');
  else if (told.join() !== [...differing].toSorted().join()) {
    report('answer', `told to differ in ${told.join()}, known is ${differing.join()}`);
  }
}
