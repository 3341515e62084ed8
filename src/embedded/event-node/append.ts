// Streams.Append: options, then one event per message, then the caller's half-close, which commits.
// Until then nothing is written, so a call cancelled before its half-close leaves no trace.
import { type sendUnaryData, type ServerReadableStream } from '@grpc/grpc-js';
import { appendReply } from './append-reply.js';
import {
  expectedFromWire,
  toProposedEvent,
  type AppendMessage,
  type AppendOptions,
  type ProposedMessage,
} from './append-request.js';
import { APPEND_DATA_BYTES_MAX, createAppendSize } from './append-size.js';
import {
  handlerError,
  invalidArgument,
  maximumAppendSizeExceeded,
  requiredMetadataMissing,
  streamDeleted,
  toGrpcError,
} from './errors.js';
import { type Access } from './security/access.js';
import { type NodeStore } from './store/node-store.js';
import { type Append } from './store/stream-writer.js';
import { type ProposedEvent } from './store/record.js';
import { isNilUuid } from './uuid.js';

type AppendCall = ServerReadableStream<AppendMessage, Buffer>;

export function appendHandler(store: NodeStore, access: Access) {
  return (call: AppendCall, callback: sendUnaryData<Buffer>): void => {
    const events: ProposedEvent[] = [];
    const size = createAppendSize();
    let target: Omit<Append, 'events'> | undefined;
    let answered = false;

    const answer = (error: unknown, reply: Buffer | null = null) => {
      if (answered) return;
      answered = true;
      callback(error === null ? null : toGrpcError(error), reply);
    };
    call.on('data', (message: AppendMessage) => {
      if (answered) return;
      try {
        if (!target) {
          if (message.options) access.demand(call, 'write', message.options.stream ?? '');
          target = checkedTarget(message.options);
          return;
        }
        events.push(checkedEvent(message.proposed));
        if (message.proposed && !size.add(message.proposed)) {
          throw maximumAppendSizeExceeded(APPEND_DATA_BYTES_MAX);
        }
      } catch (error) {
        answer(error);
      }
    });
    call.on('end', () => {
      if (answered || call.cancelled) return;
      if (!target) return answer(handlerError());
      const append = { ...target, events };
      store.append(append).then(
        (outcome) => {
          if (outcome.kind === 'stream_deleted') return answer(streamDeleted(append.stream));
          return answer(null, appendReply(append.expected, outcome));
        },
        (error: unknown) => answer(error),
      );
    });
  };
}

function checkedTarget(options: AppendOptions | undefined): Omit<Append, 'events'> {
  if (!options?.stream) throw handlerError();
  if (options.expected === undefined) {
    throw invalidArgument(
      "'None' is not a valid EventStore.Client.Streams.AppendReq+Types+Options+" +
        'ExpectedStreamRevisionOneofCase',
    );
  }
  const expected = expectedFromWire(options.expected);
  if (expected === undefined) throw handlerError();
  return { stream: options.stream, expected };
}

function checkedEvent(proposed: ProposedMessage | undefined): ProposedEvent {
  if (!proposed) throw handlerError();
  const type = proposed.metadata.get('type');
  if (type === undefined) throw requiredMetadataMissing('type');
  if (!proposed.metadata.has('content-type')) throw requiredMetadataMissing('content-type');
  const { id } = proposed;
  if (typeof id === 'string' || isNilUuid(id) || type === '') throw handlerError();
  return toProposedEvent(proposed, id, type);
}
