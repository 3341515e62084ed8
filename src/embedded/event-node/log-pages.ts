// The log, read page by page: each page is one short look at the store, so that a long read neither
// holds an old snapshot nor keeps others waiting.
import { damagedLog, unknownError } from './errors.js';
import { type AllStart } from './read-request.js';
import { type LogPosition } from './read-response.js';
import { type LogReader } from './store/log-reader.js';
import { type LogEvent } from './store/record.js';

/** Records read in one step. */
export const PAGE_RECORDS = 128;

/** Revisions to read, both included. */
export interface RevisionRange {
  from: number;
  to: number;
  direction: 1 | -1;
}

export function* streamPages(
  log: LogReader,
  streamId: number,
  { from, to, direction }: RevisionRange,
): Generator<LogEvent[]> {
  let revision = from;
  for (;;) {
    const left = direction * (to - revision) + 1;
    if (left <= 0) return;
    const limit = { records: Math.min(left, PAGE_RECORDS) };
    const page = log.streamPage({ streamId, revision }, direction, limit);
    if (page.length === 0) throw damagedLog(`a stream ends before its event ${revision}`);
    yield page;
    revision += direction * page.length;
  }
}

export function* allForwards(log: LogReader, from: AllStart): Generator<LogEvent[]> {
  const end = log.end();
  if (from === 'end' || from === 'unset') return;
  let position = from === 'start' ? 0 : from.commit;
  if (from !== 'start' && !isRecordBoundary(log, from)) throw invalidPosition();
  while (position < end) {
    const page = log.pageForwards(position, { records: PAGE_RECORDS });
    if (page.next === position) throw damagedLog(`it ends at ${position} instead of ${end}`);
    yield page.events.filter((event) => event.position < end);
    position = page.next;
  }
}

export function* allBackwards(log: LogReader, from: AllStart): Generator<LogEvent[]> {
  if (from === 'start' || from === 'unset') return;
  let before = from === 'end' ? log.end() : from.commit;
  if (before > log.end()) throw unknownError('Unexpected ReadAllResult: Error');
  if (from !== 'end') {
    if (!isRecordBoundary(log, from)) throw invalidPosition();
    before = exclusiveEnd(log, from);
  }
  for (;;) {
    const page = log.pageBackwards(before, { records: PAGE_RECORDS });
    if (page.next === before) return;
    yield page.events;
    before = page.next;
  }
}

/** The record that ends at `commit` counts as before (commit, prepare) if it began before prepare. */
function exclusiveEnd(log: LogReader, { commit, prepare }: LogPosition): number {
  const previous = log.positionBefore(commit);
  return previous !== undefined && previous >= prepare ? previous : commit;
}

/** Whether a record begins here, or none has been written yet. */
export function isRecordBoundary(log: LogReader, { commit }: LogPosition): boolean {
  return commit === 0 || commit >= log.end() || log.hasRecordAt(commit);
}

const invalidPosition = () => unknownError('Unexpected ReadAllResult: InvalidPosition');

const waiting: (() => void)[] = [];

function letNextGoOn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(letNextGoOn);
}

/** Lets other calls have their turn. Readers go on one by one: an append waits for one, not for all. */
export const nextTurn = () =>
  new Promise<void>((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(letNextGoOn);
  });
