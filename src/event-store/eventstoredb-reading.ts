// What the parts of the EventStoreDB adapter share: how its client's events, streams and errors are read.
import {
  type AllStreamResolvedEvent,
  type ResolvedEvent,
  isCommandError,
} from '@eventstore/db-client';
import { type Readable } from 'node:stream';
import { EventStoreUnavailable, type JsonObject, type StoredEvent } from './event-store.js';

/** How long a read may say nothing before it is given up. */
export const READ_SILENCE_MAX_MS = 10_000;
/** Events that the client may hold ready ahead of the reader. */
export const READ_AHEAD_EVENTS = 256;

/**
 * A call that is left early ends only once everything it had received is read, and the client waits for
 * that when it closes; and it may report an error after nobody listens any more.
 */
export function endWhenLeft(reading: NodeJS.EventEmitter): void {
  reading.on('unpipe', (call: Readable) => call.resume());
  reading.on('error', () => {});
}

export function storedEvent({ event }: ResolvedEvent | AllStreamResolvedEvent): StoredEvent {
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
export function typedAnswer(error: unknown): string | undefined {
  return error instanceof Error && isCommandError(error) ? error.type : undefined;
}

export function describe(error: unknown): string {
  const answer = typedAnswer(error);
  const message = error instanceof Error ? error.message : String(error);
  return answer === undefined ? message : `${answer}: ${message}`;
}
