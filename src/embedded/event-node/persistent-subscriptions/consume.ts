// PersistentSubscriptions.Read: a consumer says which group it wants, is sent messages, and answers
// them. What it sends after something that cannot be understood is not looked at any more; what it
// has in flight, and what it is sent, stays.
import { decoded, type Handler, type Receiver, type ServerCall } from '../grpc/handler.js';
import { type Access } from '../security/access.js';
import { type NodeStore } from '../store/node-store.js';
import { groupDropped, groupFull } from './errors.js';
import { createConsumer } from './group/consumer.js';
import { type RunningGroup } from './running-group.js';
import { type PersistentSubscriptions } from './subsystem.js';
import {
  checkedOptions,
  decodeConsumerMessage,
  type ConsumerMessage,
} from './wire/consumer-message.js';
import { confirmationMessage, deliveryMessage } from './wire/consumer-reply.js';

interface Consuming {
  answer(message: ConsumerMessage): void;
  drained(): void;
  left(): void;
}

/** Whatever a consumer asks for, what one has in flight takes memory. */
const SLOTS_MAX = 100_000;
const UNNAMED_CONNECTION = '<unknown>';

export interface ConsumerParts {
  store: NodeStore;
  subscriptions: PersistentSubscriptions;
  access: Access;
}

export function consumeHandler(parts: ConsumerParts): Handler {
  return { isLong: true, open: (call) => receiveAnswers(call, parts) };
}

function receiveAnswers(call: ServerCall, parts: ConsumerParts): Receiver {
  let consuming: Consuming | undefined;
  let isDeaf = false;
  return {
    message: (bytes) => {
      if (isDeaf) return;
      const message = decoded(decodeConsumerMessage, bytes);
      if (!consuming) consuming = connect(call, message, parts);
      else if (message.kind === 'ack' || message.kind === 'nack') consuming.answer(message);
      else isDeaf = true;
    },
    halfClosed: () => {
      if (!consuming) call.end();
    },
    drained: () => consuming?.drained(),
    over: () => consuming?.left(),
  };
}

function connect(
  call: ServerCall,
  first: ConsumerMessage,
  { store, subscriptions, access }: ConsumerParts,
): Consuming {
  const { uuidForm, bufferSize, ...name } = checkedOptions(first);
  access.demand(call, 'read', name.stream);
  const group = subscriptions.find(name);
  const consumer = createConsumer({
    user: access.callerName(call),
    connectionName: call.header('connection-name') ?? UNNAMED_CONNECTION,
    slots: Math.min(bufferSize, SLOTS_MAX),
  });
  const isAdmitted = group.connect(consumer, {
    confirm: (key) => call.send(confirmationMessage(key)),
    send: (message) => call.send(deliveryMessage(store.log, message, uuidForm)),
    drop: () => call.fail(groupDropped(name)),
  });
  if (!isAdmitted) throw groupFull(name);
  return {
    answer: (message) => answer(group, message),
    drained: () => group.resume(consumer),
    left: () => group.disconnect(consumer),
  };
}

function answer(group: RunningGroup, message: ConsumerMessage): void {
  if (message.kind === 'ack') group.acknowledge(message.ids);
  if (message.kind === 'nack') group.refuse(message.nack);
}
