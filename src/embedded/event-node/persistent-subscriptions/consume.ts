// PersistentSubscriptions.Read: a consumer says which group it wants, is sent messages, and answers
// them. What it sends after something that cannot be understood is not looked at any more; what it
// has in flight, and what it is sent, stays.
import { type ServerDuplexStream } from '@grpc/grpc-js';
import { toGrpcError } from '../errors.js';
import { type OpenCalls } from '../open-calls.js';
import { type Access } from '../security/access.js';
import { type NodeStore } from '../store/node-store.js';
import { groupDropped, groupFull } from './errors.js';
import { createConsumer } from './group/consumer.js';
import { type RunningGroup } from './running-group.js';
import { type PersistentSubscriptions } from './subsystem.js';
import { checkedOptions, type ConsumerMessage } from './wire/consumer-message.js';
import { confirmationMessage, deliveryMessage } from './wire/consumer-reply.js';

export type ConsumerStream = ServerDuplexStream<ConsumerMessage, Buffer>;

interface Consuming {
  answer(message: ConsumerMessage): void;
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

export function consumeHandler(parts: ConsumerParts, calls: OpenCalls) {
  return (call: ConsumerStream): void => {
    let consuming: Consuming | undefined;
    let isDeaf = false;
    const fail = (error: unknown) => {
      isDeaf = true;
      call.emit('error', toGrpcError(error));
    };
    calls.track(call, () => {
      isDeaf = true;
      consuming?.left();
    });
    call.on('data', (message: ConsumerMessage) => {
      if (isDeaf) return;
      try {
        if (!consuming) consuming = connect(call, message, { ...parts, fail });
        else if (message.kind === 'ack' || message.kind === 'nack') consuming.answer(message);
        else isDeaf = true;
      } catch (error) {
        fail(error);
      }
    });
    call.on('end', () => {
      if (!consuming && !isDeaf) call.end();
    });
  };
}

interface Context extends ConsumerParts {
  fail: (error: unknown) => void;
}

function connect(
  call: ConsumerStream,
  first: ConsumerMessage,
  { store, subscriptions, access, fail }: Context,
): Consuming {
  const { uuidForm, bufferSize, ...name } = checkedOptions(first);
  access.demand(call, 'read', name.stream);
  const group = subscriptions.find(name);
  const consumer = createConsumer({
    user: access.callerName(call),
    connectionName: String(call.metadata.get('connection-name')[0] ?? UNNAMED_CONNECTION),
    slots: Math.min(bufferSize, SLOTS_MAX),
  });
  const isAdmitted = group.connect(consumer, {
    confirm: (key) => call.write(confirmationMessage(key)),
    send: (message) => call.write(deliveryMessage(store.log, message, uuidForm)),
    drop: () => fail(groupDropped(name)),
  });
  if (!isAdmitted) throw groupFull(name);
  call.on('drain', () => group.resume(consumer));
  return {
    answer: (message) => answer(group, message),
    left: () => group.disconnect(consumer),
  };
}

function answer(group: RunningGroup, message: ConsumerMessage): void {
  if (message.kind === 'ack') group.acknowledge(message.ids);
  if (message.kind === 'nack') group.refuse(message.nack);
}
