// What the official client returns and throws, made comparable.
import {
  type AllStreamRecordedEvent,
  type AllStreamResolvedEvent,
  type AppendResult,
  type RecordedEvent,
  type ResolvedEvent,
} from '@eventstore/db-client';
import { labelOf } from './ids.js';
import { position, type Pair, type Position } from './position.js';

/** What was thrown. */
export interface ClientError {
  error: string;
  streamName?: string;
  expected?: string;
  actual?: string;
  code?: unknown;
}

interface Thrown {
  type?: string;
  name?: string;
  streamName?: string;
  expectedVersion?: string | number | bigint;
  actualVersion?: string | number | bigint;
  code?: unknown;
}

export function errorOf(thrown: unknown): ClientError {
  const { type, name, streamName, expectedVersion, actualVersion, code } = thrown as Thrown;
  return {
    error: type ?? name ?? 'unknown',
    ...(streamName && { streamName }),
    ...(expectedVersion !== undefined && { expected: String(expectedVersion) }),
    ...(actualVersion !== undefined && { actual: String(actualVersion) }),
    ...(code !== undefined && { code }),
  };
}

export const isError = (value: unknown): value is ClientError =>
  typeof value === 'object' && value !== null && 'error' in value && Boolean(value.error);

/** What the call comes to, or what it throws. */
export async function attempt<T>(call: () => Promise<T>): Promise<T | ClientError> {
  try {
    return await call();
  } catch (thrown) {
    return errorOf(thrown);
  }
}

/** A word, or what the call throws. */
export async function outcome(call: () => Promise<unknown>, word = 'ok') {
  const result = await attempt(call);
  return isError(result) ? result : word;
}

export interface ShownAppend {
  success: boolean;
  next: string;
  position: Pair | null;
}

export function appended(result: AppendResult | ClientError): ShownAppend | ClientError {
  if (isError(result)) return result;
  return {
    success: result.success,
    next: String(result.nextExpectedRevision),
    position: pairOrNull(result.position),
  };
}

export interface ClientEvent {
  stream: string;
  rev: string | null;
  type: string;
  id: string;
  isJson: boolean;
  data: unknown;
  meta: unknown;
  pos: Pair | null;
}

/** A resolved event, or the error that ended the read. */
export interface ClientRead {
  event?: ClientEvent | null;
  link?: ClientEvent | null;
  commit?: Position | null;
  error?: string;
}

type AnyResolved = AllStreamResolvedEvent | ResolvedEvent;
type AnyRecorded = AllStreamRecordedEvent | RecordedEvent;

/** Everything a read gives, and how it fails if it does. */
export async function allOf(reading: AsyncIterable<AnyResolved>): Promise<ClientRead[]> {
  const reads: ClientRead[] = [];
  try {
    for await (const { event, link, commitPosition } of reading) {
      reads.push({
        event: event ? recordedOf(event) : null,
        link: link ? recordedOf(link) : null,
        commit: commitPosition === undefined ? null : position(commitPosition),
      });
    }
  } catch (thrown) {
    reads.push(errorOf(thrown));
  }
  return reads;
}

/** The revision of each event, or how the read fails. */
export const revisionsOf = async (reading: AsyncIterable<AnyResolved>): Promise<unknown[]> =>
  (await allOf(reading)).map((read) => (read.event ? read.event.rev : read));

function recordedOf(event: AnyRecorded): ClientEvent {
  return {
    stream: event.streamId,
    rev: event.revision === undefined ? null : String(event.revision),
    type: event.type,
    id: labelOf(event.id),
    isJson: event.isJson,
    data: shown(event.data),
    meta: shown(event.metadata) ?? null,
    pos: pairOrNull(event.position),
  };
}

const shown = (content: unknown): unknown =>
  content instanceof Uint8Array ? { base64: Buffer.from(content).toString('base64') } : content;

const pairOrNull = (at: { commit: bigint; prepare: bigint } | undefined): Pair | null =>
  at ? [position(at.commit), position(at.prepare)] : null;
