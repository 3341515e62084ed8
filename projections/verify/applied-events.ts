// The events that a snapshot of the read models reflects, in batches: those of all ledgers in the order of
// the log, or those of one in its own.
import {
  type EventAt,
  type EventStore,
  type StoredEvent,
} from '../../src/event-store/event-store.js';
import { LEDGER_STREAM_PREFIX, ledgerStream } from '../../src/event-store/stream-names.js';

/** Events taken up at a time. */
const BATCH_EVENTS = 500;

export interface AppliedEventsOptions {
  readonly store: EventStore;
  /** All ledgers when undefined. */
  readonly ledger: string | undefined;
  /** Of the last event applied; undefined when there is none. */
  readonly position: bigint | undefined;
  readonly signal: AbortSignal;
}

/** Ends with the event at the position, or earlier when the log does. Throws EventStoreUnavailable. */
export async function* appliedEvents(options: AppliedEventsOptions): AsyncGenerator<StoredEvent[]> {
  const { position, signal } = options;
  if (position === undefined) return;
  // A subscription would wait for a store that is away, for however long.
  await options.store.idAt(position);
  const events =
    options.ledger === undefined
      ? eventsAfter({ ...options, after: undefined })
      : ofLedger(options);
  let batch: StoredEvent[] = [];
  for await (const event of events) {
    if (event.position > position) break;
    batch.push(event);
    if (batch.length < BATCH_EVENTS && event.position < position) continue;
    signal.throwIfAborted();
    yield batch;
    if (event.position === position) return;
    batch = [];
  }
  signal.throwIfAborted();
  yield batch;
}

/**
 * Events of all ledgers after a place, all of them when it is undefined, to where the log ends when they
 * are asked for. Throws LogChanged.
 */
export async function* eventsAfter({
  store,
  after,
  signal,
}: {
  readonly store: EventStore;
  readonly after: EventAt | undefined;
  readonly signal: AbortSignal;
}): AsyncGenerator<StoredEvent> {
  const leaving = new AbortController();
  const inner = AbortSignal.any([signal, leaving.signal]);
  const from = { streamPrefix: LEDGER_STREAM_PREFIX, after, signal: inner };
  try {
    for await (const message of store.subscribe(from)) {
      if (!('kind' in message)) yield message;
      else if (message.kind === 'caught-up') return;
    }
  } finally {
    leaving.abort();
  }
}

function ofLedger({ store, ledger = '' }: AppliedEventsOptions): AsyncIterable<StoredEvent> {
  return store.readStream(ledgerStream(ledger), { from: 0 });
}
