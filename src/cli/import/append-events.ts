// Appends the events of a checked file to the log, from wherever the ledger ends: nothing of it, a part of
// it, which an import that was cut off has left, or all of it. The store is asked anew after every
// answer that was not a plain yes, so neither lost answers nor half an append do any harm.
import { APPEND_BYTES_MAX, GROUP_COMMANDS_MAX } from '../../commands/ledger-writer/decide-group.js';
import {
  AppendOutcomeUnknown,
  type EventStore,
  EventStoreUnavailable,
} from '../../event-store/event-store.js';
import { type ChainedEvent, GENESIS_HASH } from '../../event-store/hash-chain.js';
import { type BackoffBounds, backoff } from '../../platform/backoff.js';
import { Failure } from '../../platform/failure.js';
import { lineOf } from '../export/event-lines.js';
import { eventAt, newestEvent } from '../export/ledger-log.js';
import {
  type ExportedFile,
  exportedEvents,
  hashOfEvent,
  previousHashOf,
} from './exported-events.js';
import { anotherLedger, eventsMissing } from './unfit-ledger.js';

/** How long the store may be away before the import gives up. */
const STORE_AWAY_MAX_MS = 60_000;
const RETRY: BackoffBounds = { baseMs: 200, maxMs: 5_000 };

export interface AppendJob extends ExportedFile {
  readonly store: EventStore;
  readonly ledger: string;
  /** Of the file's first and last event. */
  readonly first: number;
  readonly last: number;
  /** @param revision up to which the ledger has the file's events now. */
  readonly onProgress: (revision: number) => void;
  /** Told before each wait that something has to be asked again. */
  readonly onTrouble: (error: Error) => void;
}

/** The ledger is no longer where it was: somebody else writes to it, or an append came through late. */
class LedgerMoved extends Error {
  override readonly name = 'LedgerMoved';
}

/** A place in the ledger, up to which it may have the file's events. */
interface Tail {
  readonly revision: number;
  readonly hash: string;
}

/**
 * Resolves once the ledger has all events of the file, to the number of those that it had before. Throws
 * a Failure when it has other ones, or when the store stays away; what was appended by then stays.
 */
export async function appendEvents(job: AppendJob): Promise<number> {
  let alreadyThere: number | undefined;
  let failures = 0;
  let giveUpAt = performance.now() + STORE_AWAY_MAX_MS;
  const onProgress = (revision: number) => {
    failures = 0;
    giveUpAt = performance.now() + STORE_AWAY_MAX_MS;
    job.onProgress(revision);
  };
  for (;;) {
    try {
      const tail = await tailOf(job);
      alreadyThere ??= tail.revision - job.first + 1;
      await appendAfter({ ...job, onProgress }, tail);
      return alreadyThere;
    } catch (error) {
      const trouble = passing(error);
      if (performance.now() > giveUpAt) throw storeStayedAway(trouble);
      failures += 1;
      job.onTrouble(trouble);
      await backoff(failures, RETRY);
    }
  }
}

/** Where the ledger ends, or the file, whichever comes first. */
async function tailOf({ store, ledger, first, last }: AppendJob): Promise<Tail> {
  const newest = await newestEvent(store, ledger);
  const end = newest?.revision ?? -1;
  if (end < first - 1) throw eventsMissing(ledger, first, end + 1);
  if (!newest) return { revision: -1, hash: GENESIS_HASH };
  const revision = Math.min(end, last);
  const event = revision === end ? newest : await eventAt(store, ledger, revision);
  if (!event) throw new EventStoreUnavailable(`revision ${revision} could not be read again`);
  return { revision, hash: hashOfEvent(event) };
}

async function appendAfter(job: AppendJob, tail: Tail): Promise<void> {
  const { store, stream, onProgress } = job;
  let expected = tail.revision;
  for await (const events of batchesOf(eventsAfter(job, tail))) {
    const appended = await store.append(stream, expected, events);
    if (appended.kind === 'conflict') throw new LedgerMoved('the ledger has other events by now');
    expected = appended.revision;
    onProgress(expected);
  }
}

async function* eventsAfter(
  job: AppendJob,
  { revision, hash }: Tail,
): AsyncGenerator<ChainedEvent> {
  for await (const event of exportedEvents(job)) {
    const follows = event.revision === revision + 1;
    const isTail = event.revision === revision;
    if ((follows && previousHashOf(event) !== hash) || (isTail && hashOfEvent(event) !== hash)) {
      throw anotherLedger(job.ledger, revision);
    }
    if (event.revision > revision) yield event;
  }
}

async function* batchesOf(events: AsyncIterable<ChainedEvent>): AsyncGenerator<ChainedEvent[]> {
  let batch: ChainedEvent[] = [];
  let bytes = 0;
  for await (const event of events) {
    const size = Buffer.byteLength(lineOf(event));
    const isFull = batch.length >= GROUP_COMMANDS_MAX || bytes + size > APPEND_BYTES_MAX;
    if (isFull && batch.length > 0) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(event);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

const PASSING = [AppendOutcomeUnknown, EventStoreUnavailable, LedgerMoved];

function passing(error: unknown): Error {
  if (error instanceof Error && PASSING.some((kind) => error instanceof kind)) return error;
  throw error;
}

function storeStayedAway(cause: Error): Failure {
  const seconds = STORE_AWAY_MAX_MS / 1000;
  return new Failure(
    'infrastructure',
    `The event store has taken nothing for ${seconds} seconds (${cause.message}). ` +
      'What was imported stays: run the same command again to continue.',
    { cause },
  );
}
