// The event store port on EventStoreDB, with the files beside it the only importer of its client. The
// client retries and resumes nothing by itself and reports a broken connection in several shapes; what
// this adapter makes of them is written down at `append` and `subscribe`.
import {
  BACKWARDS,
  END,
  ErrorType,
  type EventStoreDBClient,
  FORWARDS,
} from '@eventstore/db-client';
import { type Logger } from 'pino';
import { status } from '@grpc/grpc-js';
import { within } from '../platform/time-limit.js';
import { AppendCall } from './eventstoredb-append-call.js';
import { type Append } from './eventstoredb-append-request.js';
import { clientFor } from './eventstoredb-client.js';
import {
  AppendOutcomeUnknown,
  AppendRejected,
  type AppendResult,
  type EventStore,
  EventStoreUnavailable,
  type ReadStreamOptions,
  type StoredEvent,
} from './event-store.js';
import {
  READ_AHEAD_EVENTS,
  READ_SILENCE_MAX_MS,
  describe,
  endWhenLeft,
  storedEvent,
  typedAnswer,
} from './eventstoredb-reading.js';
import { idAt, subscribe } from './eventstoredb-subscription.js';
import { untilSilent } from './patience.js';

/** How long one append may take before its outcome counts as unknown. */
const APPEND_TIMEOUT_MS = 5_000;
const REACHABLE_TIMEOUT_MS = 1_000;
const CLOSE_TIMEOUT_MS = 2_000;

/** What a server says to who may not append at all. */
const DENIED: ReadonlySet<unknown> = new Set([status.PERMISSION_DENIED, status.UNAUTHENTICATED]);

/** `url` is EventStoreDB's connection string, `esdb://host:2113?tls=false`. Connects on first use. */
export function eventStoreDb(url: string, log: Logger): EventStore {
  const client = clientFor(url);
  const appends = new AppendCall(client, APPEND_TIMEOUT_MS);
  return {
    append: (stream, expectedRevision, events) =>
      append(appends, { stream, expectedRevision, events }),
    readStream: (stream, options) => readStream(client, stream, options),
    subscribe: (options) => subscribe(client, options, log),
    idAt: (position) => idAt(client, position),
    lastEvent: () => lastEvent(client, READ_SILENCE_MAX_MS),
    isReachable: () => isReachable(client),
    close: () => within(CLOSE_TIMEOUT_MS, client.dispose()),
  };
}

/** Everything but a typed answer counts as an unknown outcome, plain errors of the transport included. */
async function append(
  appends: AppendCall,
  asked: Omit<Append, 'correlationId'>,
): Promise<AppendResult> {
  try {
    return await appends.append(asked);
  } catch (error) {
    if (error instanceof AppendRejected) throw error;
    const isDenied = error instanceof Error && 'code' in error && DENIED.has(error.code);
    const Failure = isDenied ? AppendRejected : AppendOutcomeUnknown;
    throw new Failure(describe(error), { cause: error });
  }
}

async function* readStream(
  client: EventStoreDBClient,
  stream: string,
  { from, direction = 'forwards', limit }: ReadStreamOptions,
): AsyncGenerator<StoredEvent> {
  const reading = client.readStream(
    stream,
    {
      direction: direction === 'forwards' ? FORWARDS : BACKWARDS,
      fromRevision: from === 'end' ? END : BigInt(from),
      requiresLeader: true,
      ...(limit === undefined ? {} : { maxCount: limit }),
    },
    { highWaterMark: READ_AHEAD_EVENTS },
  );
  endWhenLeft(reading);
  try {
    for await (const resolved of untilSilent(reading, READ_SILENCE_MAX_MS)) {
      yield storedEvent(resolved);
    }
  } catch (error) {
    if (typedAnswer(error) === ErrorType.STREAM_NOT_FOUND) return;
    throw new EventStoreUnavailable(describe(error), { cause: error });
  } finally {
    await reading.cancel();
  }
}

async function lastEvent(
  client: EventStoreDBClient,
  silenceMaxMs: number,
): Promise<StoredEvent | undefined> {
  const reading = client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 });
  endWhenLeft(reading);
  try {
    for await (const last of untilSilent(reading, silenceMaxMs)) return storedEvent(last);
    return undefined;
  } catch (error) {
    throw new EventStoreUnavailable(describe(error), { cause: error });
  } finally {
    await reading.cancel();
  }
}

async function isReachable(client: EventStoreDBClient): Promise<boolean> {
  try {
    await lastEvent(client, REACHABLE_TIMEOUT_MS);
    return true;
  } catch {
    return false;
  }
}
