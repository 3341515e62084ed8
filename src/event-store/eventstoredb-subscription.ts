// Following the whole log on EventStoreDB, across lost connections and servers that come back with
// another log.
import {
  type AllStreamResolvedEvent,
  BACKWARDS,
  type EventStoreDBClient,
  FORWARDS,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { type Logger } from 'pino';
import { RECONNECT_BACKOFF, backoff } from '../platform/backoff.js';
import {
  type CaughtUp,
  type EventAt,
  EventStoreUnavailable,
  LogChanged,
  type Scanned,
  type SubscribeOptions,
  type SubscriptionMessage,
} from './event-store.js';
import {
  READ_AHEAD_EVENTS,
  READ_SILENCE_MAX_MS,
  describe,
  endWhenLeft,
  storedEvent,
} from './eventstoredb-reading.js';
import { untilSilent } from './patience.js';

/** How long a subscription may say nothing while it still has history to deliver. */
const CATCH_UP_SILENCE_MAX_MS = 30_000;
/** In pages of 32 events: how often the server tells how far it has looked. */
const CHECKPOINT_INTERVAL_PAGES = 32;

/** Places are signed numbers to the server: it sends 2^64-1, and takes it, for "the end of the log". */
const POSITION_MAX = 2n ** 63n - 1n;

const CAUGHT_UP: CaughtUp = { kind: 'caught-up' };

/**
 * A connection that breaks, or ends without an error, is opened again after the last event delivered. By
 * then another log may answer, which has to hold that event too: a server that is asked for what comes
 * after a place beyond its end sends nothing until it gets there, and so would skip it.
 */
export async function* subscribe(
  client: EventStoreDBClient,
  { streamPrefix, signal, ...start }: SubscribeOptions,
  log: Logger,
): AsyncGenerator<SubscriptionMessage> {
  let { after, scanned } = start;
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      const from = await placeToGoOn(client, after, scanned);
      // Whoever leaves meanwhile is not told of any more.
      if (signal.aborted) return;
      for await (const message of subscribeOnce(client, { streamPrefix, after: from, signal })) {
        if (attempt > 0) log.info({ after: placeOf(from) }, 'subscribed to the event store again');
        attempt = 0;
        yield message;
        if (!('position' in message)) continue;
        scanned = message;
        if (!('kind' in message)) after = message;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof LogChanged) throw error;
      if (describe(error).includes(DAMAGED)) {
        throw new EventStoreUnavailable(describe(error), { cause: error });
      }
      log.warn({ error: describe(error), after: placeOf(after), attempt }, 'subscription lost');
    }
    if (signal.aborted) return;
    await backoff(attempt + 1, RECONNECT_BACKOFF, signal);
  }
}

/** What a server says of a log that was changed under it: asking again helps nobody. */
const DAMAGED = 'DATA_LOSS';

function placeOf(event: EventAt | undefined): string {
  return String(event?.position);
}

async function placeToGoOn(
  client: EventStoreDBClient,
  after: EventAt | undefined,
  scanned: EventAt | undefined,
): Promise<EventAt | undefined> {
  if (scanned && (await idAt(client, scanned.position)) === scanned.id) return scanned;
  if (!after) return undefined;
  const found = await idAt(client, after.position);
  if (found === after.id) return after;
  const what = found === undefined ? 'no event' : `event ${found}`;
  throw new LogChanged(`the log has ${what} at position ${after.position}, not ${after.id}`);
}

/** How far a server says it has looked. Of a log that is not as far, it may be any number. */
interface Checkpoint {
  readonly checkpoint: { readonly commit: bigint; readonly prepare: bigint };
}

type Pushed = AllStreamResolvedEvent | CaughtUp | Checkpoint;

async function* subscribeOnce(
  client: EventStoreDBClient,
  { streamPrefix, after, signal }: SubscribeOptions,
): AsyncGenerator<SubscriptionMessage> {
  const subscription = client.subscribeToAll(
    {
      fromPosition: after ? { commit: after.position, prepare: after.position } : START,
      filter: streamNameFilter({
        prefixes: [streamPrefix],
        checkpointInterval: CHECKPOINT_INTERVAL_PAGES,
        checkpointReached: (reader, checkpoint) => void reader.push({ checkpoint }),
      }),
    },
    { highWaterMark: READ_AHEAD_EVENTS },
  );
  let live = false;
  let reached = after?.position ?? -1n;
  endWhenLeft(subscription);
  // Notices are put into the stream itself, so that they stay behind the events that came before them.
  subscription.on('caughtUp', () => subscription.push(CAUGHT_UP));
  const stop = () => subscription.destroy();
  signal.addEventListener('abort', stop);
  const silence = () => (live ? Infinity : CATCH_UP_SILENCE_MAX_MS);
  try {
    const messages: AsyncIterable<Pushed> = subscription;
    for await (const pushed of untilSilent(messages, silence)) {
      if ('kind' in pushed) live = true;
      const message = 'checkpoint' in pushed ? await seenUpTo(client, pushed, reached) : pushed;
      if (!message) continue;
      const given = 'kind' in message ? message : storedEvent(message);
      if ('position' in given) reached = given.position;
      yield given;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await subscription.unsubscribe();
  }
}

/**
 * The last event before a checkpoint, when that is further than what was delivered. The checkpoint itself
 * is not passed on: a real server sends 2^64-1 when its first pages hold nothing, and places where no
 * event is. What it sends is never behind what it has looked at, so the event before it was looked at.
 */
async function seenUpTo(
  client: EventStoreDBClient,
  { checkpoint }: Checkpoint,
  reached: bigint,
): Promise<Scanned | undefined> {
  if (checkpoint.commit <= reached || checkpoint.commit > POSITION_MAX) return undefined;
  try {
    const seen = await firstOfAll(client, BACKWARDS, checkpoint);
    if (!seen || seen.position <= reached) return undefined;
    return { kind: 'scanned', ...seen };
  } catch {
    return undefined;
  }
}

export async function idAt(
  client: EventStoreDBClient,
  position: bigint,
): Promise<string | undefined> {
  try {
    const found = await firstOfAll(client, FORWARDS, { commit: position, prepare: position });
    return found?.position === position ? found.id : undefined;
  } catch (error) {
    if (describe(error).includes(NO_SUCH_PLACE)) return undefined;
    throw new EventStoreUnavailable(describe(error), { cause: error });
  }
}

/** What a server says of a position at which no event begins. */
const NO_SUCH_PLACE = 'InvalidPosition';

/** The first event of the log forwards from a place, it included, or backwards, it excluded. */
async function firstOfAll(
  client: EventStoreDBClient,
  direction: typeof FORWARDS | typeof BACKWARDS,
  fromPosition: Checkpoint['checkpoint'],
): Promise<EventAt | undefined> {
  const reading = client.readAll({ direction, fromPosition, maxCount: 1, requiresLeader: true });
  endWhenLeft(reading);
  try {
    for await (const { event } of untilSilent(reading, READ_SILENCE_MAX_MS)) {
      return event && { position: event.position.commit, id: event.id };
    }
    return undefined;
  } finally {
    await reading.cancel();
  }
}
