// Append, message by message, and its replies as they were sent.
import type streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams, {
  type AppendReq,
  type AppendResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import { type ServiceError } from '@grpc/grpc-js';
import { id } from './ids.js';
import { position, type Pair, type Position } from './position.js';
import {
  empty,
  fieldsSet,
  fill,
  streamIdentifier,
  uuid,
  type Name,
  type ShownUuid,
} from './protobuf.js';
import { briefStatus, codeName, statusOf, type Status } from './status.js';
import { type CallOptions, type Target } from './target.js';

export type StreamsClient = InstanceType<typeof streamsGrpc.StreamsClient>;

interface ExpectationSetters {
  setAny(value: ReturnType<typeof empty>): unknown;
  setNoStream(value: ReturnType<typeof empty>): unknown;
  setStreamExists(value: ReturnType<typeof empty>): unknown;
  setRevision(value: string): unknown;
}

/** Sets the expected revision of Append, Delete or Tombstone. */
export type Expectation = (options: ExpectationSetters) => unknown;

export const expected = {
  any: (options) => options.setAny(empty()),
  noStream: (options) => options.setNoStream(empty()),
  exists: (options) => options.setStreamExists(empty()),
  unset: () => {},
} satisfies Record<string, Expectation>;

export const expectedAt =
  (revision: number | string): Expectation =>
  (options) =>
    options.setRevision(String(revision));

export const JSON_METADATA = { type: 'T', 'content-type': 'application/json' };
export const STREAM_METADATA = { type: '$metadata', 'content-type': 'application/json' };

export interface WireEvent {
  /** Null: not set. */
  id: string | null;
  meta?: Record<string, string>;
  data?: string | Buffer;
  custom?: string | Buffer;
}

/** An event whose id is made from the label. */
export const event = (label: string, more: Partial<WireEvent> = {}): WireEvent => ({
  id: id(label),
  meta: JSON_METADATA,
  data: '{}',
  ...more,
});

interface Proposed {
  setId(value: ReturnType<typeof uuid>): unknown;
  getMetadataMap(): { set(key: string, value: string): unknown };
  setData(value: Uint8Array): unknown;
  setCustomMetadata(value: Uint8Array): unknown;
}

export function propose<M extends Proposed>(message: M, proposed: WireEvent): M {
  if (proposed.id !== null) message.setId(uuid(proposed.id));
  for (const [key, value] of Object.entries(proposed.meta ?? JSON_METADATA)) {
    message.getMetadataMap().set(key, value);
  }
  message.setData(Buffer.from(proposed.data ?? '{}'));
  message.setCustomMetadata(Buffer.from(proposed.custom ?? ''));
  return message;
}

export function appendOptions(stream: Name | undefined, expectation: Expectation): AppendReq {
  const options = new streams.AppendReq.Options();
  if (stream !== undefined) options.setStreamIdentifier(streamIdentifier(stream));
  expectation(options);
  return fill(new streams.AppendReq(), { options });
}

export const appendProposed = (proposed: WireEvent): AppendReq =>
  fill(new streams.AppendReq(), {
    proposedMessage: propose(new streams.AppendReq.ProposedMessage(), proposed),
  });

/** What an append of either kind answered. */
export interface AppendReply {
  success?: { rev: string; pos: Position | Pair | 'no_position' | 'unset' };
  /** The fields of WrongExpectedVersion that are set. */
  wrong?: Record<string, unknown>;
  status?: Status;
  error?: { code: number; message: string; details: Record<string, unknown> | null };
}

export interface BatchReply extends AppendReply {
  id: string | null;
  form: ShownUuid['form'];
  stream: string | null;
  expected?: number;
}

/** Append with any sequence of messages. */
export function appendMessages<R>(
  target: Target,
  client: StreamsClient,
  messages: AppendReq[],
  { user }: CallOptions,
  shown: (reply: AppendResp) => R,
): Promise<R | { status: Status }> {
  return new Promise((resolve) => {
    const done = (error: ServiceError | null, reply: AppendResp) =>
      resolve(error ? { status: statusOf(error) } : shown(reply));
    const call = client.append(target.headers(user), done);
    call.on('error', () => {});
    for (const message of messages) call.write(message);
    call.end();
  });
}

export function appendReply(reply: AppendResp): AppendReply {
  const success = reply.getSuccess();
  if (success) {
    const at = success.getPosition();
    return {
      success: {
        rev: success.hasCurrentRevision() ? success.getCurrentRevision() : 'no_stream',
        pos: at ? position(at.getCommitPosition()) : 'no_position',
      },
    };
  }
  // The fields of 20.6.0 repeat the same values.
  const fields = Object.entries(conflictFields(reply)).filter(([name]) => !name.includes('2060'));
  return { wrong: Object.fromEntries(fields) };
}

export function conflictFields(reply: AppendResp): Record<string, unknown> {
  const conflict = reply.getWrongExpectedVersion();
  return conflict ? fieldsSet(conflict) : {};
}

/**
 * A reply in a few words: `ok <revision> <where>`, where is the name of a position that is known,
 * `new`, `old` or `no_position`.
 */
export function briefAppend(reply: AppendReply, known = new Map<string, string>()): string {
  if (reply.status) {
    const isDeleted = reply.status.trailers.exception === 'stream-deleted';
    return isDeleted ? 'deleted' : briefStatus(reply.status);
  }
  if (reply.wrong) return `wrong, current ${text(reply.wrong['currentRevision'])}`;
  if (reply.error) return briefError(reply.error);
  const { rev, pos } = reply.success ?? { rev: 'nothing', pos: 'unset' };
  const at = Array.isArray(pos) ? pos[0] : pos;
  if (typeof at === 'string') return `ok ${rev} ${at}`;
  const isOld = [...known.keys()].some((later) => BigInt(later) > BigInt(at.$pos));
  return `ok ${rev} ${known.get(at.$pos) ?? (isOld ? 'old' : 'new')}`;
}

function briefError({ code, message, details }: NonNullable<AppendReply['error']>): string {
  if (message === 'WrongExpectedVersion') {
    return `wrong, current ${text(details?.['currentStreamRevision'])}`;
  }
  if (message === 'StreamDeleted') return 'deleted';
  const more = details?.['message'];
  return `${codeName(code)}: ${message} ${typeof more === 'string' ? more : ''}`.trim();
}

const text = (revision: unknown) => (typeof revision === 'string' ? revision : 'no_stream');
