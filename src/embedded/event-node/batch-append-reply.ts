// Replies of BatchAppend. Unlike Append, every failure is a normal reply that carries a status, whose
// details name the failure by the type of the message inside.
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import rpcStatus from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { successField } from './append-reply.js';
import { APPEND_DATA_BYTES_MAX } from './append-size.js';
import { STATUS, type StatusCode } from './grpc/status.js';
import { NEVER_WRITTEN, type ExpectedRevision } from './store/append-decision.js';
import { type AppendOutcome } from './store/stream-writer.js';
import { bytesField, EMPTY } from './protobuf.js';
import { decodeUuid, uuidHalves } from './uuid.js';

export type BatchResult =
  | { kind: 'outcome'; outcome: AppendOutcome; expected: ExpectedRevision }
  | { kind: 'timeout'; structuredId: boolean }
  | { kind: 'too_large' }
  | { kind: 'denied' }
  | { kind: 'bad_request'; message: string }
  | { kind: 'failed'; message: string };

/** Which append a reply is for. Both are echoed as received, and may be missing. */
export interface ReplyTo {
  correlationId: Buffer | undefined;
  stream: string | undefined;
}

const FIELD = { correlationId: 1, success: 3, stream: 4 };
const STREAM_NAME_FIELD = 3;

/** The bytes of a BatchAppendResp; those of a success, which are many, encoded by hand. */
export function batchReply({ correlationId, stream }: ReplyTo, result: BatchResult): Buffer {
  if (result.kind === 'outcome' && result.outcome.kind === 'success') {
    return Buffer.concat([
      bytesField(FIELD.correlationId, correlationId ?? EMPTY),
      successField(FIELD.success, result.outcome),
      bytesField(FIELD.stream, bytesField(STREAM_NAME_FIELD, Buffer.from(stream ?? ''))),
    ]);
  }
  const reply = new streams.BatchAppendResp();
  if (correlationId) {
    const structured = result.kind === 'timeout' && result.structuredId;
    reply.setCorrelationId(structured ? inHalves(correlationId) : echoed(correlationId));
  }
  if (stream !== undefined) reply.setStreamIdentifier(identifierOf(stream));
  reply.setError(failure(result, stream ?? ''));
  return Buffer.from(reply.serializeBinary());
}

const echoed = (correlationId: Buffer) => shared.UUID.deserializeBinary(correlationId);

function inHalves(correlationId: Buffer) {
  const id = decodeUuid(correlationId);
  if (typeof id === 'string') return echoed(correlationId);
  const { most, least } = uuidHalves(id);
  const structured = new shared.UUID.Structured();
  structured.setMostSignificantBits(most);
  structured.setLeastSignificantBits(least);
  const uuid = new shared.UUID();
  uuid.setStructured(structured);
  return uuid;
}

function failure(result: BatchResult, stream: string) {
  switch (result.kind) {
    case 'outcome': {
      if (result.outcome.kind === 'stream_deleted') {
        const detail = new shared.StreamDeleted();
        detail.setStreamIdentifier(identifierOf(stream));
        return failureOf(STATUS.NOT_FOUND, 'StreamDeleted', detail.serializeBinary());
      }
      const detail = wrongExpectedVersion(result.expected, result.outcome.lastRevision);
      return failureOf(STATUS.ALREADY_EXISTS, 'WrongExpectedVersion', detail.serializeBinary());
    }
    case 'timeout':
      return failureOf(STATUS.DEADLINE_EXCEEDED, 'Timeout', new shared.Timeout().serializeBinary());
    case 'too_large': {
      const detail = new shared.MaximumAppendSizeExceeded();
      detail.setMaxappendsize(APPEND_DATA_BYTES_MAX);
      const name = 'MaximumAppendSizeExceeded';
      return failureOf(STATUS.INVALID_ARGUMENT, name, detail.serializeBinary());
    }
    case 'denied': {
      const detail = new shared.AccessDenied().serializeBinary();
      return failureOf(STATUS.PERMISSION_DENIED, 'AccessDenied', detail);
    }
    case 'bad_request': {
      const detail = new shared.BadRequest();
      detail.setMessage(result.message);
      return failureOf(STATUS.INVALID_ARGUMENT, 'BadRequest', detail.serializeBinary());
    }
    case 'failed': {
      const failed = failureOf(STATUS.UNKNOWN, 'Unknown', new shared.Unknown().serializeBinary());
      failed.setMessage(result.message);
      return failed;
    }
  }
}

function identifierOf(stream: string) {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream));
  return identifier;
}

function failureOf(code: StatusCode, name: string, detail: Uint8Array) {
  const details = new anyPb.Any();
  details.setTypeUrl(`type.googleapis.com/event_store.client.${name}`);
  details.setValue(detail);
  const failed = new rpcStatus.Status();
  // Its generated type lists only the codes by name; the numbers are those of gRPC.
  failed.setCode(Number(code));
  failed.setMessage(name);
  failed.setDetails(details);
  return failed;
}

function wrongExpectedVersion(expected: ExpectedRevision, lastRevision: number) {
  const wrong = new shared.WrongExpectedVersion();
  if (lastRevision === NEVER_WRITTEN) wrong.setCurrentNoStream(new emptyPb.Empty());
  else wrong.setCurrentStreamRevision(String(lastRevision));
  if (expected === 'any') wrong.setExpectedAny(new emptyPb.Empty());
  else if (expected === 'stream_exists') wrong.setExpectedStreamExists(new emptyPb.Empty());
  else if (expected === 'no_stream') wrong.setExpectedNoStream(new emptyPb.Empty());
  else wrong.setExpectedStreamPosition(String(expected));
  return wrong;
}
