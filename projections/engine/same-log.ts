// A checkpoint belongs to one log. After a restore from an older backup, or on another installation's
// log, going on from it would skip events or mix two histories.
import { type EventAt, type EventStore } from '../../src/event-store/event-store.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { type AppliedEvent, type Checkpoint } from './checkpoint.js';

/** The log is not the one that the read models were built from, or an older copy of it. Says what to do. */
export class AnotherLog extends Error {
  override readonly name = 'AnotherLog';
}

/** Throws AnotherLog, or EventStoreUnavailable. */
export async function assertSameLog(store: EventStore, { last, log }: Checkpoint): Promise<void> {
  const isSame = last ? await holdsApplied(store, last) : !log || (await holds(store, log));
  if (isSame) return;
  const begins = log && !(await holds(store, log));
  const problem = begins || !last ? otherBeginning(log) : await olderCopy(store, last);
  throw new AnotherLog([problem, ...PLAN].join('\n'));
}

/** Indented, each belongs to the line before. */
const PLAN = [
  '  Nothing was changed. What to do:',
  '  - if it is the wrong event store, set EVENTSTORE_URL to the right one and start again;',
  '  - if a newer copy of the log exists, restore it and start again;',
  '  - if this log is to be the truth from now on, run "daybook projections rebuild --all": queries',
  '    answer from the old read models until the new ones are complete, and from this log afterwards.',
];

function otherBeginning(log: EventAt | undefined): string {
  return (
    `The log does not begin with event ${log?.id ?? 'unknown'}, as the one does that the read models ` +
    'were built from: it is another log.'
  );
}

async function olderCopy(store: EventStore, last: AppliedEvent): Promise<string> {
  const { ledger, revision, id, position, recordedAt } = last;
  const found = await lastRevision(store, ledger);
  const held =
    found === undefined
      ? `of ledger ${ledger} it holds nothing`
      : `of ledger ${ledger} it holds revision ${Math.min(found, revision)} ` +
        (found < revision ? 'as the last' : 'with another event, or elsewhere');
  return (
    `The read models were built up to event ${id} (ledger ${ledger}, revision ${revision}, position ` +
    `${position}, recorded at ${recordedAt}), which this log does not hold: ${held}. It is an older ` +
    'copy, or was written on since one was restored.'
  );
}

async function holds(store: EventStore, { position, id }: EventAt): Promise<boolean> {
  return (await store.idAt(position)) === id;
}

// At its place in the log and in its ledger: a log that was copied event by event has other positions.
async function holdsApplied(store: EventStore, last: AppliedEvent): Promise<boolean> {
  const place = { from: last.revision, limit: 1 };
  for await (const stored of store.readStream(ledgerStream(last.ledger), place)) {
    const isSame = stored.id === last.id && stored.metadata['hash'] === last.hash;
    return isSame && holds(store, last);
  }
  return false;
}

async function lastRevision(store: EventStore, ledger: string): Promise<number | undefined> {
  const last = { from: 'end', direction: 'backwards', limit: 1 } as const;
  for await (const { revision } of store.readStream(ledgerStream(ledger), last)) return revision;
  return undefined;
}
