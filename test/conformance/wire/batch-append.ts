// BatchAppend, chunk by chunk, and its replies as they were sent.
import emptyPb, { type Empty } from 'google-protobuf/google/protobuf/empty_pb.js';
import timestampPb from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { type Message } from 'google-protobuf';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams, {
  type BatchAppendReq,
  type BatchAppendResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import {
  propose,
  type AppendReply,
  type BatchReply,
  type StreamsClient,
  type WireEvent,
} from './append.js';
import { id, labelOf } from './ids.js';
import { follow, type OpenCall } from './open-call.js';
import { pairOf } from './position.js';
import {
  fieldsSet,
  fill,
  readUuid,
  streamIdentifier,
  streamNameIn,
  structuredUuid,
  uuid,
  type Name,
} from './protobuf.js';
import { type Target } from './target.js';

type BatchExpectation = (options: BatchAppendReq.Options) => unknown;

const nothing = (): Empty => new emptyPb.Empty();

export const expectedInBatch = {
  any: (options) => options.setAny(nothing()),
  noStream: (options) => options.setNoStream(nothing()),
  exists: (options) => options.setStreamExists(nothing()),
  unset: () => {},
} satisfies Record<string, BatchExpectation>;

export const expectedInBatchAt =
  (revision: number | string): BatchExpectation =>
  (options) =>
    options.setStreamPosition(String(revision));

export interface Chunk {
  /** Label of the correlation id; null: none is sent. */
  cid: string | null;
  /** Whether the correlation id is sent as two halves. */
  structured?: boolean;
  stream?: Name | undefined;
  expect?: BatchExpectation;
  /** The deadline as a moment, in milliseconds since the epoch. */
  at?: number;
  /** The deadline as a duration, in milliseconds. */
  within?: number;
  /** False for a later chunk, which has no options. */
  options?: false;
  events?: WireEvent[];
  final?: boolean;
}

export interface Batch extends OpenCall<BatchReply> {
  send(chunk: Chunk): void;
  /** A message as it stands. */
  write(message: BatchAppendReq): void;
  /** Half-closes the call. */
  end(): void;
}

const METHOD = '/event_store.client.streams.Streams/BatchAppend';

export function openBatch(target: Target, client: StreamsClient): Batch {
  const call = client.makeBidiStreamRequest(
    METHOD,
    (bytes: Buffer) => bytes,
    (bytes) => streams.BatchAppendResp.deserializeBinary(new Uint8Array(bytes)),
    target.headers(undefined),
    {},
  );
  return Object.assign(follow(call, batchReply), {
    send: (chunk: Chunk) => void call.write(bytesOf(chunk)),
    write: (message: BatchAppendReq) => void call.write(Buffer.from(message.serializeBinary())),
    end: () => void call.end(),
  });
}

/** The reply to the chunk that was sent after so many others, or how the call ended. */
export async function replyTo(batch: Batch, place: number): Promise<AppendReply> {
  await batch.count(place + 1);
  const reply = batch.messages[place];
  if (typeof reply !== 'object') throw new Error(`no reply: ${reply ?? 'none in time'}`);
  return reply;
}

function bytesOf(chunk: Chunk): Buffer {
  const message = fill(new streams.BatchAppendReq(), {
    proposedMessagesList: (chunk.events ?? []).map((proposed) =>
      propose(new streams.BatchAppendReq.ProposedMessage(), proposed),
    ),
    isFinal: chunk.final ?? false,
    options: chunk.options === false ? undefined : optionsOf(chunk),
  });
  if (chunk.cid !== null) {
    message.setCorrelationId((chunk.structured ? structuredUuid : uuid)(id(chunk.cid)));
  }
  const bytes = Buffer.from(message.serializeBinary());
  return chunk.within === undefined ? bytes : Buffer.concat([bytes, durationField(chunk.within)]);
}

function optionsOf(chunk: Chunk): BatchAppendReq.Options {
  const options = new streams.BatchAppendReq.Options();
  if (chunk.stream !== undefined) options.setStreamIdentifier(streamIdentifier(chunk.stream));
  (chunk.expect ?? expectedInBatch.any)(options);
  if (chunk.at !== undefined) {
    const deadline = fill(new timestampPb.Timestamp(), {
      seconds: Math.floor(chunk.at / 1000),
      nanos: (chunk.at % 1000) * 1_000_000,
    });
    options.setDeadline(deadline);
  }
  return options;
}

/**
 * The duration is field 7 of the options, which the generated code does not know: a second, partial
 * `options` (field 2) is merged into the first.
 */
function durationField(milliseconds: number): Buffer {
  const seconds = Math.trunc(milliseconds / 1000);
  const nanos = (milliseconds - seconds * 1000) * 1_000_000;
  const duration = Buffer.concat([
    Buffer.from([8]),
    varint(seconds),
    Buffer.from([16]),
    varint(nanos),
  ]);
  return lengthDelimited(2, lengthDelimited(7, duration));
}

const lengthDelimited = (field: number, content: Buffer) =>
  Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest ? low | 128 : low);
  } while (rest);
  return Buffer.from(bytes);
}

function batchReply(reply: BatchAppendResp): BatchReply {
  const { form, id: correlation } = readUuid(reply.getCorrelationId());
  const identifier = reply.getStreamIdentifier();
  const shown: BatchReply = {
    id: correlation && labelOf(correlation),
    form,
    stream: identifier ? streamNameIn(identifier) : null,
  };
  const expectation = reply.getExpectedStreamPositionCase();
  if (Number(expectation) !== 0) shown.expected = expectation;
  const success = reply.getSuccess();
  if (success) shown.success = shownSuccess(success);
  const error = reply.getError();
  if (error) {
    const details = detailsOf(error.getDetails());
    shown.error = { code: error.getCode(), message: error.getMessage(), details };
  }
  return shown;
}

function shownSuccess(success: BatchAppendResp.Success): NonNullable<BatchReply['success']> {
  const noRevision = success.hasNoStream() ? 'no_stream' : 'unset';
  const noPosition = success.hasNoPosition() ? 'no_position' : 'unset';
  const at = success.getPosition();
  return {
    rev: success.hasCurrentRevision() ? success.getCurrentRevision() : noRevision,
    pos: at ? pairOf(at) : noPosition,
  };
}

interface Any {
  getTypeUrl(): string;
  getValue_asU8(): Uint8Array;
}

/** The type of the details of an error, and what the message behind it says. */
function detailsOf(any: Any | undefined): Record<string, unknown> | null {
  if (!any) return null;
  const type = any.getTypeUrl();
  const name = /event_store\.client\.([A-Za-z]+)$/.exec(type)?.[1];
  const Details = name === undefined ? undefined : messageTypes[name];
  if (!Details) return { type };
  const details = Details.deserializeBinary(any.getValue_asU8());
  const fields = fieldsSet(details);
  if (details instanceof shared.StreamDeleted) {
    fields['streamIdentifier'] = streamNameIn(details.getStreamIdentifier());
  }
  return { type, ...fields };
}

const messageTypes: Record<string, { deserializeBinary(bytes: Uint8Array): Message }> = {
  AccessDenied: shared.AccessDenied,
  BadRequest: shared.BadRequest,
  MaximumAppendSizeExceeded: shared.MaximumAppendSizeExceeded,
  StreamDeleted: shared.StreamDeleted,
  Timeout: shared.Timeout,
  Unknown: shared.Unknown,
  WrongExpectedVersion: shared.WrongExpectedVersion,
};
