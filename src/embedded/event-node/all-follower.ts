// A subscription to $all, with or without a filter.
import { createCheckpoints } from './checkpoints.js';
import { handlerError, invalidArgument } from './errors.js';
import { type Follower } from './follower.js';
import { type eventMessages } from './links.js';
import { isRecordBoundary, PAGE_RECORDS } from './log-pages.js';
import { type ReadSource } from './read-request.js';
import { checkpointMessage, type LogPosition } from './read-response.js';
import { type LogReader } from './store/log-reader.js';
import { type LogEvent } from './store/record.js';

type AllSource = ReadSource & { kind: 'all' };
type Filter = NonNullable<AllSource['filter']>;

type EventMessages = ReturnType<typeof eventMessages>;

export function allFollower(log: LogReader, source: AllSource, messageOf: EventMessages): Follower {
  const { from, filter } = source;
  if (typeof from === 'object' && !isRecordBoundary(log, from)) {
    throw invalidArgument('Trying to read from an invalid position.');
  }
  if (filter) return filteredFollower(log, source, filter, messageOf);
  return {
    next: forwardsFrom(log, firstPosition(log, from)),
    messagesFor: (event, when) => (isAfter(event, from) ? [messageOf(event, when)] : []),
    afterHistory: () => [],
  };
}

function filteredFollower(
  log: LogReader,
  { from }: AllSource,
  filter: Filter,
  messageOf: EventMessages,
): Follower {
  const hasHistory =
    from === 'start' ? log.end() > 0 : typeof from === 'object' && isHistory(log, from);
  if (hasHistory && filter.window === 0) throw handlerError();
  const start = typeof from === 'object' ? from : undefined;
  const position = hasHistory ? firstPosition(log, from) : Math.max(start?.commit ?? 0, log.end());
  const interval = filter.window * filter.checkpointIntervalMultiplier;
  const checkpoints = createCheckpoints({ window: filter.window, interval, from: start });
  return {
    next: forwardsFrom(log, position),
    messagesFor: (event, when) => {
      const passes = filter.passes(event);
      const isSent = passes && isAfter(event, from);
      const checkpoint =
        when === 'live'
          ? checkpoints.afterLive(event)
          : checkpoints.afterHistoric(event, { passes, isSent });
      return [
        ...(isSent ? [messageOf(event, when)] : []),
        ...(checkpoint ? [checkpointMessage(checkpoint)] : []),
      ];
    },
    afterHistory: () => {
      const checkpoint = hasHistory && checkpoints.afterHistory();
      return checkpoint ? [checkpointMessage(checkpoint)] : [];
    },
  };
}

/** Pages of the log from a position on; what is beyond the end is waited for. */
function forwardsFrom(log: LogReader, start: number): () => LogEvent[] {
  let position = start;
  return () => {
    for (;;) {
      const page = log.pageForwards(position, { records: PAGE_RECORDS });
      const atEnd = page.next === position;
      position = page.next;
      if (atEnd || page.events.length > 0) return page.events;
    }
  };
}

function firstPosition(log: LogReader, from: AllSource['from']): number {
  if (from === 'end') return log.end();
  return typeof from === 'object' ? from.commit : 0;
}

/** A position asked for is exclusive; one with a smaller prepare lies before the event there. */
function isAfter({ position }: LogEvent, from: AllSource['from']): boolean {
  if (typeof from !== 'object') return true;
  return position > from.commit || (position === from.commit && position > from.prepare);
}

/** Whether anything was written after a position. */
function isHistory(log: LogReader, { commit, prepare }: LogPosition): boolean {
  const last = log.positionBefore(log.end());
  return last !== undefined && (last > commit || (last === commit && last > prepare));
}
