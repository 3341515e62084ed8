// Catch-up subscriptions: opening them, waiting for what they bring, closing them.
import { event, expected } from '../wire/append.js';
import { brief, eventOf, fieldsOf, linkOf, present, type ReadMessage } from '../wire/read-reply.js';
import { type Recorded } from '../wire/read-reply.js';
import { numberOf } from '../wire/position.js';
import {
  all,
  filtered,
  multiplied,
  onAll,
  onStream,
  subscription,
  windowed,
  type FilterPart,
  type FromPosition,
  type FromRevision,
  type Part,
  type Window,
} from '../wire/read-request.js';
import { type AppendReply } from '../wire/append.js';
import { type OpenRead, type Server } from '../wire/server.js';

/** How long nothing must come before it is taken that nothing comes. */
export const SILENCE_MS = 600;

export const toStream = (name: string, from: FromRevision): Part =>
  all(onStream(name, from), subscription);
export const toAll = (from: FromPosition): Part => all(onAll(from), subscription);

export interface Checkpoints {
  window?: Window;
  multiplier?: number;
}

export const toFiltered = (
  from: FromPosition,
  by: FilterPart,
  { window = 'count', multiplier = 1 }: Checkpoints = {},
): Part => all(toAll(from), filtered(multiplied(multiplier), windowed(window), by));

export const hasCaughtUp = (messages: readonly unknown[]) => messages.includes('caught_up');
export const isCheckpoint = (message: ReadMessage) => fieldsOf(message).checkpoint !== undefined;

export const sawEvent = (label: string) => (messages: readonly ReadMessage[]) =>
  messages.some((message) => eventOf(message)?.id === label || linkOf(message)?.id === label);

/** Waits for the event; then a little more, for what should not come. */
export async function seen(subscribed: OpenRead, label: string): Promise<void> {
  await subscribed.until(sawEvent(label));
  await subscribed.settle(SILENCE_MS);
}

/** Ends it; its messages. */
export function close(subscribed: OpenRead): ReadMessage[] {
  const messages = subscribed.messages.slice();
  subscribed.cancel();
  return messages;
}

/** Messages in a few words each. */
export const briefly = (
  messages: readonly ReadMessage[],
  name?: (recorded: Recorded) => unknown,
): unknown[] =>
  messages.map((message) => (isCheckpoint(message) ? 'checkpoint' : brief(message, name)));

/** The position of what was appended. */
export function positionOf({ success }: AppendReply): bigint {
  const pos = present(success, 'success').pos;
  if (typeof pos === 'string' || Array.isArray(pos)) throw new Error('no position');
  return numberOf(pos);
}

export function subscriptionsTo(server: Server) {
  /** A subscription that has caught up, or ended. */
  const live = async (part: Part): Promise<OpenRead> => {
    const subscribed = server.openRead(part);
    await subscribed.until(hasCaughtUp);
    return subscribed;
  };
  return {
    live,
    /** Appends events with these labels. */
    append: (stream: string, ...labels: string[]) =>
      server.rawAppend(
        stream,
        expected.any,
        labels.map((label) => event(label)),
      ),
  };
}
