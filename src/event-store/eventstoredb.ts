// The event store port on EventStoreDB, with the files beside it the only importer of its client. The
// client retries and resumes nothing by itself and reports a broken connection in several shapes; what
// this adapter makes of them is written down at `append` and `subscribe`.
import {
  BACKWARDS,
  END,
  ErrorType,
  EventStoreDBClient,
  FORWARDS,
  NO_STREAM as CLIENT_NO_STREAM,
  jsonEvent,
} from '@eventstore/db-client';
import { type Logger } from 'pino';
import { within } from '../platform/time-limit.js';
import {
  AppendOutcomeUnknown,
  AppendRejected,
  type AppendResult,
  type EventStore,
  EventStoreUnavailable,
  type NewEvent,
  NO_STREAM,
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

/** Typed answers after which the same append can never succeed. */
const FINAL_ERRORS: ReadonlySet<string> = new Set([
  ErrorType.ACCESS_DENIED,
  ErrorType.STREAM_DELETED,
  ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED,
  ErrorType.MISSING_REQUIRED_METADATA_PROPERTY,
  ErrorType.INVALID_ARGUMENT,
]);

/** `url` is EventStoreDB's connection string, `esdb://host:2113?tls=false`. Connects on first use. */
export function eventStoreDb(url: string, log: Logger): EventStore {
  const client = EventStoreDBClient.connectionString(url);
  // Without this the client picks its batch append, whose state is shared by all clients of a process and
  // fails with them. It also spares the first append a question that has no deadline.
  Reflect.set(client, 'supports', () => Promise.resolve(false));
  return {
    append: (stream, expectedRevision, events) => append(client, stream, expectedRevision, events),
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
  client: EventStoreDBClient,
  stream: string,
  expectedRevision: number,
  events: readonly NewEvent[],
): Promise<AppendResult> {
  const proposed = events.map(({ id, type, data, metadata }) =>
    jsonEvent({ id, type, data: { ...data }, metadata: { ...metadata } }),
  );
  const expected = expectedRevision === NO_STREAM ? CLIENT_NO_STREAM : BigInt(expectedRevision);
  try {
    const answer = await within(
      APPEND_TIMEOUT_MS,
      client.appendToStream(stream, proposed, {
        expectedRevision: expected,
        deadline: APPEND_TIMEOUT_MS,
        requiresLeader: true,
      }),
    );
    if (!answer.success) return { kind: 'conflict' };
    const position = answer.position?.commit ?? 0n;
    return { kind: 'appended', revision: Number(answer.nextExpectedRevision), position };
  } catch (error) {
    const answer = typedAnswer(error);
    if (answer === ErrorType.WRONG_EXPECTED_VERSION) return { kind: 'conflict' };
    if (answer !== undefined && FINAL_ERRORS.has(answer)) {
      throw new AppendRejected(describe(error), { cause: error });
    }
    throw new AppendOutcomeUnknown(describe(error), { cause: error });
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
