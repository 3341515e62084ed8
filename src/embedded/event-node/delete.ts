// Streams.Delete and Streams.Tombstone. Their requests and replies have the same form, and their
// options have the fields of an append's.
import { positionField } from './append-reply.js';
import { decodeAppendMessage, expectedFromWire, type AppendMessage } from './append-request.js';
import { handlerError, invalidArgument, streamDeleted, wrongExpectedVersion } from './errors.js';
import { unary, type Handler } from './grpc/handler.js';
import { type Access } from './security/access.js';
import { NEVER_WRITTEN, type ExpectedRevision } from './store/append-decision.js';
import { type NodeStore } from './store/node-store.js';
import { metastreamOf } from './store/system-streams.js';
import { type Deletion } from './store/stream-writer.js';

const REQUEST_TYPE = { delete: 'DeleteReq', tombstone: 'TombstoneReq' };
const POSITION_FIELD = 1;
/** How errors tell expectations that are not a revision. */
const EXPECTATION = { any: -2n, no_stream: BigInt(NEVER_WRITTEN), stream_exists: -4n };

export function deleteHandler(store: NodeStore, access: Access, kind: Deletion['kind']): Handler {
  return unary(decodeAppendMessage, (message, call) => {
    const { options } = message;
    if (options) access.demand(call, 'delete', options.stream ?? '');
    return answer(store, kind, message);
  });
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
