// Streams.Append: options, then one event per message, then the caller's half-close, which commits.
// Until then nothing is written, so a call cancelled before its half-close leaves no trace.
import { appendReply } from './append-reply.js';
import {
  decodeAppendMessage,
  expectedFromWire,
  toProposedEvent,
  type AppendOptions,
  type ProposedMessage,
} from './append-request.js';
import { type AppendMemory } from './append-memory.js';
import { APPEND_DATA_BYTES_MAX, createAppendSize } from './append-size.js';
import {
  handlerError,
  invalidArgument,
  maximumAppendSizeExceeded,
  requiredMetadataMissing,
  streamDeleted,
} from './errors.js';
import { decoded, type Handler, type Receiver, type ServerCall } from './grpc/handler.js';
import { type Access } from './security/access.js';
import { type NodeStore } from './store/node-store.js';
import { type Append } from './store/stream-writer.js';
import { type ProposedEvent } from './store/record.js';
import { isNilUuid } from './uuid.js';

interface AppendParts {
  store: NodeStore;
  access: Access;
  memory: AppendMemory;
}

export function appendHandler(parts: AppendParts): Handler {
  return { isLong: false, open: (call) => receiveAppend(call, parts) };
}

function receiveAppend(call: ServerCall, { store, access, memory }: AppendParts): Receiver {
  const events: ProposedEvent[] = [];
  const size = createAppendSize(memory);
  let target: Omit<Append, 'events'> | undefined;
  return {
    message: (bytes) => {
      const { options, proposed } = decoded(decodeAppendMessage, bytes);
      if (!target) {
        if (options) access.demand(call, 'write', options.stream ?? '');
        target = checkedTarget(options);
        return;
      }
      events.push(checkedEvent(proposed));
      if (proposed && !size.add(proposed)) throw maximumAppendSizeExceeded(APPEND_DATA_BYTES_MAX);
    },
    halfClosed: () => {
      if (!target) throw handlerError();
      const append = { ...target, events: events.splice(0) };
      size.release();
      store.append(append).then(
        (outcome) => {
          if (outcome.kind === 'stream_deleted') return call.fail(streamDeleted(append.stream));
          call.send(appendReply(append.expected, outcome));
          call.end();
        },
        (error: unknown) => call.fail(error),
      );
    },
    over: () => {
      events.length = 0;
      size.release();
    },
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
  const { id, type, contentType } = proposed;
  if (type === undefined) throw requiredMetadataMissing('type');
  if (contentType === undefined) throw requiredMetadataMissing('content-type');
  if (typeof id === 'string' || isNilUuid(id) || type === '') throw handlerError();
  return toProposedEvent(proposed, id, type);
}
