// Appends of one BatchAppend call of which more chunks are expected, each with its time limit.
import {
  expectedFromWire,
  type BatchAppendMessage,
  type BatchAppendOptions,
} from './append-request.js';
import { type AppendMemory } from './append-memory.js';
import { createAppendSize, type AppendSize } from './append-size.js';
import { EMPTY } from './protobuf.js';
import { idKey } from './store/record.js';
import { type Append } from './store/stream-writer.js';
import { decodeUuid } from './uuid.js';

export interface OpenAppend extends Append {
  correlationId: Buffer;
  size: AppendSize;
}

/** A request that is answered with BadRequest; the text is that of the real server. */
export class BadRequest extends Error {}

export interface OpenAppends {
  get(key: string): OpenAppend | undefined;
  /** Throws BadRequest. `inTime` is false if the deadline has passed: then it is not open. */
  begin(
    key: string,
    message: BatchAppendMessage,
    options: BatchAppendOptions,
  ): { append: OpenAppend; inTime: boolean };
  forget(key: string): void;
  expireAll(): void;
  forgetAll(): void;
}

/** How long the chunks of one append may take, whatever its deadline says. */
const WRITE_TIMEOUT_MS = 2000;
const OPEN_APPENDS_MAX = 1024;

/** `onExpired` is told of an append that was not complete in time, after it was forgotten. */
export function createOpenAppends(
  memory: AppendMemory,
  onExpired: (append: OpenAppend) => void,
): OpenAppends {
  const open = new Map<string, { append: OpenAppend; timer: NodeJS.Timeout }>();
  const forget = (key: string) => {
    const entry = open.get(key);
    clearTimeout(entry?.timer);
    entry?.append.size.release();
    open.delete(key);
  };
  const expire = (key: string, append: OpenAppend) => {
    forget(key);
    onExpired(append);
  };
  return {
    get: (key) => open.get(key)?.append,
    begin: (key, { correlationId }, options) => {
      if (open.size >= OPEN_APPENDS_MAX) throw new BadRequest('Too many appends at a time.');
      const append = { ...checkedAppend(correlationId, options), size: createAppendSize(memory) };
      const timeoutMs = Math.min(options.timeLeftMs ?? WRITE_TIMEOUT_MS, WRITE_TIMEOUT_MS);
      if (timeoutMs <= 0) return { append, inTime: false };
      open.set(key, { append, timer: setTimeout(() => expire(key, append), timeoutMs) });
      return { append, inTime: true };
    },
    forget,
    expireAll: () => {
      for (const [key, { append }] of [...open]) expire(key, append);
    },
    forgetAll: () => {
      for (const key of [...open.keys()]) forget(key);
    },
  };
}

/** The same for every spelling of one id. */
export function correlationKey(correlationId: Buffer = EMPTY): string {
  const id = decodeUuid(correlationId);
  return typeof id === 'string' ? correlationId.toString('latin1') : idKey(id);
}

function checkedAppend(
  correlationId: Buffer | undefined,
  { stream, expected: wire }: BatchAppendOptions,
): Omit<OpenAppend, 'size'> {
  if (!correlationId) throw new BadRequest("Value cannot be null. (Parameter 'dto')");
  if (stream === undefined) {
    throw new BadRequest('Object reference not set to an instance of an object.');
  }
  if (stream === '') throw new BadRequest('eventStreamId');
  if (wire === undefined) {
    throw new BadRequest(
      `Status(StatusCode="InvalidArgument", Detail="'None' is not a valid EventStore.Client.` +
        'Streams.BatchAppendReq+Types+Options+ExpectedStreamPositionOneofCase")',
    );
  }
  const expected = expectedFromWire(wire);
  if (expected === undefined) {
    throw new BadRequest(
      "Specified argument was out of the range of valid values. (Parameter 'value')",
    );
  }
  return { correlationId, stream, expected, events: [] };
}
