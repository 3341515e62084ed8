// The event store port on EventStoreDB, and the only importer of its client. The client retries and
// resumes nothing by itself and reports a broken connection in several shapes; what this adapter makes
// of them is written down at `append` and `subscribe`.
import {
  type AllStreamResolvedEvent,
  BACKWARDS,
  END,
  ErrorType,
  EventStoreDBClient,
  FORWARDS,
  NO_STREAM as CLIENT_NO_STREAM,
  START,
  type ResolvedEvent,
  isCommandError,
  jsonEvent,
  streamNameFilter,
} from '@eventstore/db-client';
import { type Readable } from 'node:stream';
import { type Logger } from 'pino';
import { RECONNECT_BACKOFF, backoff } from '../platform/backoff.js';
import { within } from '../platform/time-limit.js';
import {
  AppendOutcomeUnknown,
  AppendRejected,
  type AppendResult,
  type CaughtUp,
  type EventStore,
  EventStoreUnavailable,
  type JsonObject,
  type NewEvent,
  NO_STREAM,
  type ReadStreamOptions,
  type StoredEvent,
  type SubscribeOptions,
} from './event-store.js';
import { untilSilent } from './patience.js';

/** How long one append may take before its outcome counts as unknown. */
const APPEND_TIMEOUT_MS = 5_000;
/** How long a read may say nothing before it is given up. */
const READ_SILENCE_MAX_MS = 10_000;
/** How long a subscription may say nothing while it still has history to deliver. */
const CATCH_UP_SILENCE_MAX_MS = 30_000;
const REACHABLE_TIMEOUT_MS = 1_000;
const CLOSE_TIMEOUT_MS = 2_000;
/** Events that the client may hold ready ahead of the reader. */
const READ_AHEAD_EVENTS = 256;
/** In pages of 32 events; progress through other streams' events is not used, so seldom is enough. */
const CHECKPOINT_INTERVAL_PAGES = 32;

const CAUGHT_UP: CaughtUp = { kind: 'caught-up' };

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

/** A connection that breaks, or ends without an error, is opened again after the last event delivered. */
async function* subscribe(
  client: EventStoreDBClient,
  { streamPrefix, after, signal }: SubscribeOptions,
  log: Logger,
): AsyncGenerator<StoredEvent | CaughtUp> {
  let last = after;
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      for await (const message of subscribeOnce(client, { streamPrefix, after: last, signal })) {
        if (attempt > 0) log.info({ after: String(last) }, 'subscribed to the event store again');
        attempt = 0;
        yield message;
        if (!('kind' in message)) last = message.position;
      }
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ error: describe(error), after: String(last), attempt }, 'subscription lost');
    }
    if (signal.aborted) return;
    await backoff(attempt + 1, RECONNECT_BACKOFF, signal);
  }
}

async function* subscribeOnce(
  client: EventStoreDBClient,
  { streamPrefix, after, signal }: SubscribeOptions,
): AsyncGenerator<StoredEvent | CaughtUp> {
  const subscription = client.subscribeToAll(
    {
      fromPosition: after === undefined ? START : { commit: after, prepare: after },
      filter: streamNameFilter({
        prefixes: [streamPrefix],
        checkpointInterval: CHECKPOINT_INTERVAL_PAGES,
      }),
    },
    { highWaterMark: READ_AHEAD_EVENTS },
  );
  let live = false;
  endWhenLeft(subscription);
  // The notice is put into the stream itself, so that it stays behind the events that came before it.
  subscription.on('caughtUp', () => subscription.push(CAUGHT_UP));
  const stop = () => subscription.destroy();
  signal.addEventListener('abort', stop);
  const silence = () => (live ? Infinity : CATCH_UP_SILENCE_MAX_MS);
  try {
    const messages: AsyncIterable<AllStreamResolvedEvent | CaughtUp> = subscription;
    for await (const message of untilSilent(messages, silence)) {
      if ('kind' in message) live = true;
      yield 'kind' in message ? message : storedEvent(message);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await subscription.unsubscribe();
  }
}

async function isReachable(client: EventStoreDBClient): Promise<boolean> {
  const reading = client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 });
  endWhenLeft(reading);
  try {
    for await (const last of untilSilent(reading, REACHABLE_TIMEOUT_MS)) return last !== undefined;
    return true;
  } catch {
    return false;
  } finally {
    await reading.cancel();
  }
}

/**
 * A call that is left early ends only once everything it had received is read, and the client waits for
 * that when it closes; and it may report an error after nobody listens any more.
 */
function endWhenLeft(reading: NodeJS.EventEmitter): void {
  reading.on('unpipe', (call: Readable) => call.resume());
  reading.on('error', () => {});
}

function storedEvent({ event }: ResolvedEvent | AllStreamResolvedEvent): StoredEvent {
  if (!event) throw new EventStoreUnavailable('a link without its event was delivered');
  return {
    stream: event.streamId,
    revision: Number(event.revision),
    position: event.position?.commit ?? 0n,
    id: event.id,
    type: event.type,
    data: asObject(event.data),
    metadata: asObject(event.metadata),
    created: event.created,
  };
}

// What is not a JSON object was not written by Daybook; the codec then finds nothing it knows in it.
function asObject(value: unknown): JsonObject {
  const isObject = typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
  return isObject ? { ...value } : {};
}

/** The server's own word for what went wrong; undefined for everything that happened on the way. */
function typedAnswer(error: unknown): string | undefined {
  return error instanceof Error && isCommandError(error) ? error.type : undefined;
}

function describe(error: unknown): string {
  const answer = typedAnswer(error);
  const message = error instanceof Error ? error.message : String(error);
  return answer === undefined ? message : `${answer}: ${message}`;
}
