// When a filtered subscription to $all sends a checkpoint, and which. History is read in pages; once
// the pages read hold `window * multiplier` events, a checkpoint says how far they reach. Afterwards
// every so many events, passed or not, have one at the last of them. Pure arithmetic.
import { type LogPosition } from './read-response.js';
import { type LogEvent } from './store/record.js';

/** A page of history also ends with this many events that passed. */
const PAGE_PASSED_MAX = 32;

export interface CheckpointOptions {
  /** Events considered in one page of history. */
  window: number;
  /** Events between checkpoints. */
  interval: number;
  /** The position asked for; undefined if the subscription began at the start. */
  from: LogPosition | undefined;
}

export interface Checkpoints {
  /** To be told of every event in order; the checkpoint to send after it, if one is due. */
  afterHistoric(event: LogEvent, filtered: Filtered): LogPosition | undefined;
  /** The history is at its end. */
  afterHistory(): LogPosition | undefined;
  afterLive(event: LogEvent): LogPosition | undefined;
}

/** What the filter said. The event at the position asked for may pass, but is not sent. */
export interface Filtered {
  passes: boolean;
  isSent: boolean;
}

interface Page {
  start: LogPosition | 'next event' | undefined;
  considered: number;
  passed: number;
}

export function createCheckpoints({ window, interval, from }: CheckpointOptions): Checkpoints {
  // The first page begins at the position asked for, each later one before its first event.
  let page: Page = { start: from, considered: 0, passed: 0 };
  let considered = 0;
  let liveConsidered = 0;
  let lastSent: LogPosition | undefined;
  let lastSeen: LogPosition | undefined;
  let last: LogPosition | undefined;

  const rising = (checkpoint: LogPosition | undefined) => {
    if (!checkpoint || (last && compare(checkpoint, last) <= 0)) return undefined;
    last = checkpoint;
    return checkpoint;
  };
  return {
    afterHistoric: (event, { passes, isSent }) => {
      lastSeen = placeOf(event);
      if (page.start === 'next event') page.start = { commit: event.position, prepare: 0 };
      page.considered += 1;
      considered += 1;
      if (passes) page.passed += 1;
      if (isSent) lastSent = lastSeen;
      if (page.considered < window && page.passed < PAGE_PASSED_MAX) return undefined;
      const start = page.start ?? lastSeen;
      page = { start: 'next event', considered: 0, passed: 0 };
      if (considered < interval) return undefined;
      considered = 0;
      return rising(latest(lastSent, start));
    },
    afterHistory: () => rising(lastSent ?? last ?? from ?? lastSeen),
    afterLive: (event) => {
      liveConsidered += 1;
      return liveConsidered % interval === 0 ? rising(placeOf(event)) : undefined;
    },
  };
}

const placeOf = ({ position }: LogEvent): LogPosition => ({
  commit: position,
  prepare: position,
});

const compare = (a: LogPosition, b: LogPosition) => a.commit - b.commit || a.prepare - b.prepare;

const latest = (a: LogPosition | undefined, b: LogPosition) => (a && compare(a, b) > 0 ? a : b);
