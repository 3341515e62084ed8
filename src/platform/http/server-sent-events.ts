// Server-Sent Events: answers that go on. Each is written no faster than its reader takes it, kept alive by
// comments, and ended by a comment that says why, after which the reader comes back with `Last-Event-ID`.
import { type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { settlesWithin } from '../time-limit.js';

/** After so long without an event a comment shows that the connection is alive. */
const HEARTBEAT_MS = 15_000;
/** A reader that takes nothing for so long is cut off. */
const STALLED_MAX_MS = 20_000;
/** How long the last comment may take to leave. */
const FAREWELL_MAX_MS = 2_000;
/** How soon readers are asked to come back when they lose the connection. */
const RETRY_MS = 1_000;

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // When it is over nothing else follows on it, and a process that stops need not wait.
  Connection: 'close',
  // Proxies that buffer would hold events back.
  'X-Accel-Buffering': 'no',
};

export interface SentEvent {
  readonly id: string;
  readonly type: string;
  /** JSON without line breaks. */
  readonly data: string;
}

/** An event as it is sent. */
export function messageOf({ id, type, data }: SentEvent): string {
  return `id: ${id}\nevent: ${type}\ndata: ${data}\n\n`;
}

/** Makes an id the one to come back with, without an event. */
export function markOf(id: string): string {
  return `id: ${id}\n\n`;
}

function commentOf(text: string): string {
  return `: ${text}\n\n`;
}

export interface StreamOptions {
  /** Beside those that every stream has. */
  readonly headers: Readonly<Record<string, number | string | string[] | undefined>>;
  /** Aborted with the reason to tell, a text. */
  readonly signal: AbortSignal;
}

/**
 * Writes messages until there are no more, the reader has gone or takes nothing, or the signal says so.
 * `messages` has to end with the signal that it is given. What it throws is told by its message.
 */
export async function sendEvents(
  response: ServerResponse,
  messages: (signal: AbortSignal) => AsyncIterable<string>,
  { headers, signal }: StreamOptions,
): Promise<void> {
  const over = new AbortController();
  response.once('close', () => over.abort('the reader has gone'));
  for (const [name, value] of Object.entries({ ...headers, ...HEADERS })) {
    if (value !== undefined) response.setHeader(name, value);
  }
  if (response.req.method === 'HEAD') return void response.end();
  response.write(`retry: ${RETRY_MS}\n\n`);
  const until = AbortSignal.any([signal, over.signal]);
  let reason: string | undefined;
  try {
    reason = await sendAll(response, messages(until)[Symbol.asyncIterator](), over);
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  await end(response, commentOf(`the end: ${reason ?? String(until.reason ?? 'no more events')}`));
}

/** Why it ended, if for a reason of its own. */
async function sendAll(
  response: ServerResponse,
  messages: AsyncIterator<string>,
  over: AbortController,
): Promise<string | undefined> {
  for (let next = messages.next(); ;) {
    const came = await settlesWithin(HEARTBEAT_MS, next);
    const result = came ? await next : undefined;
    if (result?.done === true) return undefined;
    if (!(await taken(response, result?.value ?? commentOf('still here')))) {
      over.abort();
      return 'the reader took nothing for too long';
    }
    if (came) next = messages.next();
  }
}

/** Whether the reader has room for more, at once or in time. */
async function taken(response: ServerResponse, text: string): Promise<boolean> {
  if (response.write(text) || response.destroyed) return true;
  // What is not waited for any more must not stay behind on an answer that goes on for hours.
  const waited = new AbortController();
  const { signal } = waited;
  const room = Promise.race(['drain', 'close'].map((event) => once(response, event, { signal })));
  try {
    return await settlesWithin(STALLED_MAX_MS, room);
  } finally {
    waited.abort();
  }
}

async function end(response: ServerResponse, farewell: string): Promise<void> {
  if (response.destroyed) return;
  const closed = once(response, 'close');
  response.end(farewell);
  await settlesWithin(FAREWELL_MAX_MS, closed);
  response.destroy();
}
