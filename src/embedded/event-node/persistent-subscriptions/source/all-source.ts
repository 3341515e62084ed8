// $all as the source of a group, whole or through a filter.
import { unknownError } from '../../errors.js';
import { type EventFilter } from '../../filter.js';
import { isRecordBoundary } from '../../log-pages.js';
import { type NodeStore } from '../../store/node-store.js';
import { type LogEvent } from '../../store/record.js';
import { type Considered } from '../group/arrivals.js';
import { type GroupSettings } from '../group/settings.js';
import { placeInAll } from '../place.js';
import { arrivalOf } from './arrival.js';
import { type Source } from './source.js';

const FILTERED_PAGE_RECORDS = 256;

export interface AllStart {
  position: number;
  /** Whether the event at this position was handled before. */
  isHandled: boolean;
}

export function allSource(
  { log, streams }: NodeStore,
  { filter, settings }: { filter: EventFilter | undefined; settings: GroupSettings },
  start: AllStart,
): Source {
  let position = start.position + (start.isHandled ? 1 : 0);
  const consider = (event: LogEvent, when: 'history' | 'live'): Considered => {
    const place = placeInAll({ commit: event.position, prepare: event.position });
    if (filter && !filter.passes(event)) return { filteredOut: place };
    return arrivalOf({ streams, settings }, event, place, when);
  };
  return {
    nextPage: (events) => {
      if (!start.isHandled && !isRecordBoundary(log, { commit: start.position, prepare: 0 })) {
        throw unknownError('Trying to read from an invalid position.');
      }
      // A filter may hold back most of what is read.
      const records = filter ? Math.max(events, FILTERED_PAGE_RECORDS) : events;
      const page = log.pageForwards(position, { records });
      const considered = page.events.map((event) => consider(event, 'history'));
      const kept = lengthUpTo(events, considered);
      const after = page.events[kept];
      const isEmpty = page.next === position;
      position = after ? after.position : page.next;
      return {
        considered: considered.slice(0, kept),
        atEnd: isEmpty || position >= log.end(),
      };
    },
    consider: (event) => (event.position >= position ? consider(event, 'live') : undefined),
    taken: (event) => {
      position = event.position + 1;
    },
  };
}

/** How many are to be taken so that so many of them are events. */
function lengthUpTo(events: number, considered: Considered[]): number {
  let left = events;
  const last = considered.findIndex((one) => 'id' in one && --left === 0);
  return last === -1 ? considered.length : last + 1;
}
