// Where a group's events come from: a stream, or $all through a filter. A source is a cursor over
// the log; it knows what the group was given, so that every event is given once.
import { type Considered } from '../group/arrivals.js';
import { type LogEvent } from '../../store/record.js';

export interface Source {
  /**
   * Up to so many events of history, and whether nothing was committed after them yet. Throws if the
   * source cannot be read, and then it never can.
   */
  nextPage(events: number): { considered: Considered[]; atEnd: boolean };
  /** What the group is to be told of a committed event; undefined if nothing. */
  consider(event: LogEvent): Considered | undefined;
  /** The group took this committed event. */
  taken(event: LogEvent): void;
}
