// Streams.Delete and Streams.Tombstone. Their requests and replies have the same form, and their
// options have the fields of an append's.
import { type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { positionField } from './append-reply.js';
import { expectedFromWire, type AppendMessage } from './append-request.js';
import {
  handlerError,
  invalidArgument,
  streamDeleted,
  toGrpcError,
  wrongExpectedVersion,
} from './errors.js';
import { type Access } from './security/access.js';
import { NEVER_WRITTEN, type ExpectedRevision } from './store/append-decision.js';
import { type NodeStore } from './store/node-store.js';
import { metastreamOf } from './store/system-streams.js';
import { type Deletion } from './store/stream-writer.js';

type DeleteCall = ServerUnaryCall<AppendMessage, Buffer>;

const REQUEST_TYPE = { delete: 'DeleteReq', tombstone: 'TombstoneReq' };
const POSITION_FIELD = 1;
/** How errors tell expectations that are not a revision. */
const EXPECTATION = { any: -2n, no_stream: BigInt(NEVER_WRITTEN), stream_exists: -4n };

export function deleteHandler(store: NodeStore, access: Access, kind: Deletion['kind']) {
  return (call: DeleteCall, callback: sendUnaryData<Buffer>): void => {
    const answered = async () => {
      const { options } = call.request;
      if (options) access.demand(call, 'delete', options.stream ?? '');
      return answer(store, kind, call.request);
    };
    answered().then(
      (reply) => callback(null, reply),
      (error: unknown) => callback(toGrpcError(error)),
    );
  };
}

async function answer(
  store: NodeStore,
  kind: Deletion['kind'],
  message: AppendMessage,
): Promise<Buffer> {
  const deletion = checkedDeletion(kind, message);
  const { stream, expected } = deletion;
  const outcome = await store.delete(deletion);
  switch (outcome.kind) {
    case 'success':
      return positionField(POSITION_FIELD, outcome.position);
    case 'stream_deleted':
      throw streamDeleted(stream);
    case 'metastream_deleted':
      throw streamDeleted(metastreamOf(stream));
    case 'wrong_expected_version':
      throw wrongExpectedVersion({
        stream,
        expected: numberOf(expected),
        actual: outcome.lastRevision,
      });
  }
}

function checkedDeletion(kind: Deletion['kind'], { options }: AppendMessage): Deletion {
  if (!options?.stream) throw handlerError();
  if (options.expected === undefined) {
    throw invalidArgument(
      `'None' is not a valid EventStore.Client.Streams.${REQUEST_TYPE[kind]}+Types+Options+` +
        'ExpectedStreamRevisionOneofCase',
    );
  }
  const expected = expectedFromWire(options.expected);
  if (expected === undefined) throw handlerError();
  return { kind, stream: options.stream, expected };
}

const numberOf = (expected: ExpectedRevision) =>
  typeof expected === 'string' ? EXPECTATION[expected] : expected;
