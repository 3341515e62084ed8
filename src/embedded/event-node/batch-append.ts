// Streams.BatchAppend: many appends on one long call, each in one or more chunks under a correlation
// id. Every append gets exactly one reply: after an error its id is forgotten and what still comes
// for it is dropped, because the official client does not survive a second reply.
import {
  decodeBatchAppendMessage,
  toProposedEvent,
  type BatchAppendMessage,
  type ProposedMessage,
} from './append-request.js';
import { batchReply, type BatchResult, type ReplyTo } from './batch-append-reply.js';
import { type AppendMemory } from './append-memory.js';
import { GrpcError, handlerError, toGrpcError } from './errors.js';
import { decoded, type Handler, type Receiver, type ServerCall } from './grpc/handler.js';
import { STATUS } from './grpc/status.js';
import { BadRequest, correlationKey, createOpenAppends, type OpenAppend } from './open-appends.js';
import { type Access } from './security/access.js';
import { type NodeStore } from './store/node-store.js';
import { type ProposedEvent } from './store/record.js';
import { isNilUuid } from './uuid.js';

/** With this many appends on their way to the disk, a call is not read any further for a while. */
const COMMITTING_MAX = 512;

interface BatchParts {
  store: NodeStore;
  access: Access;
  memory: AppendMemory;
}

export function batchAppendHandler(parts: BatchParts): Handler {
  return { isLong: true, open: (call) => receiveAppends(call, parts) };
}

function receiveAppends(call: ServerCall, { store, access, memory }: BatchParts): Receiver {
  const replies = createReplies(call);
  const open = createOpenAppends(memory, (append) =>
    replies.send(append, { kind: 'timeout', structuredId: true }),
  );
  const committing = createCommitting(call, store, access, replies);
  const receive = (message: BatchAppendMessage) => {
    const { options } = message;
    const key = correlationKey(message.correlationId);
    const to: ReplyTo = { correlationId: message.correlationId, stream: options?.stream };
    try {
      let append = open.get(key);
      if (!append) {
        if (!options) return;
        const begun = open.begin(key, message, options);
        if (!begun.inTime) return replies.send(to, { kind: 'timeout', structuredId: false });
        append = begun.append;
      }
      if (!addEvents(append, message.proposed)) {
        open.forget(key);
        return replies.send(append, { kind: 'too_large' });
      }
      if (!message.isFinal) return;
      open.forget(key);
      committing.start(append);
    } catch (error) {
      const known = open.get(key);
      open.forget(key);
      if (error instanceof GrpcError) {
        return replies.send(known ?? to, { kind: 'failed', message: error.details });
      }
      // A bad event in a later chunk ends the whole call, as it does on the real server.
      if (!options || !(error instanceof BadRequest)) throw handlerError();
      replies.send(to, { kind: 'bad_request', message: error.message });
    }
  };
  return {
    message: (bytes) => receive(decoded(decodeBatchAppendMessage, bytes)),
    halfClosed: () => {
      open.expireAll();
      committing.endWhenDone();
    },
    drained: () => replies.drained(),
    over: () => open.forgetAll(),
  };
}

/** Appends on their way to the disk. */
function createCommitting(call: ServerCall, store: NodeStore, access: Access, replies: Replies) {
  let count = 0;
  let isEnding = false;
  const endIfDone = () => {
    if (isEnding && count === 0) call.end();
  };
  const outcomeOf = async (append: OpenAppend): Promise<BatchResult> => {
    try {
      access.demand(call, 'write', append.stream);
      const outcome = await store.append(append);
      return { kind: 'outcome', outcome, expected: append.expected };
    } catch (error) {
      const { code, details } = toGrpcError(error);
      if (code === STATUS.PERMISSION_DENIED) return { kind: 'denied' };
      return { kind: 'failed', message: details };
    }
  };
  const commit = async (append: OpenAppend) => {
    if (++count >= COMMITTING_MAX) call.pause();
    replies.send(append, await outcomeOf(append));
    if (--count < COMMITTING_MAX && !replies.isWaiting) call.resume();
    endIfDone();
  };
  return {
    start: (append: OpenAppend) => void commit(append),
    endWhenDone: () => {
      isEnding = true;
      endIfDone();
    },
  };
}

type Replies = ReturnType<typeof createReplies>;

/** The sending side of a call, which stops reading while the receiver does not keep up. */
function createReplies(call: ServerCall) {
  let isWaiting = false;
  return {
    get isWaiting() {
      return isWaiting;
    },
    send: (to: ReplyTo, result: BatchResult) => {
      if (call.send(batchReply(to, result)) || isWaiting) return;
      isWaiting = true;
      call.pause();
    },
    drained: () => {
      if (!isWaiting) return;
      isWaiting = false;
      call.resume();
    },
  };
}

/** Throws BadRequest; false if the append is too large with these events. */
function addEvents(append: OpenAppend, proposed: ProposedMessage[]): boolean {
  return proposed.every((event) => {
    append.events.push(checkedEvent(event));
    return append.size.add(event);
  });
}

function checkedEvent(proposed: ProposedMessage): ProposedEvent {
  const { id, type, contentType } = proposed;
  if (type === undefined || contentType === undefined) {
    throw new BadRequest('The given key was not present in the dictionary.');
  }
  if (id === 'missing') throw new BadRequest("Value cannot be null. (Parameter 'dto')");
  if (typeof id === 'string') throw new BadRequest('Unrecognized Guid format.');
  if (isNilUuid(id)) throw new BadRequest("Empty eventId provided. (Parameter 'eventId')");
  if (type === '') throw new BadRequest("Empty eventType provided. (Parameter 'eventType')");
  return toProposedEvent(proposed, id, type);
}
