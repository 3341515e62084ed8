// Which method is answered by what.
import { createAppendMemory } from './append-memory.js';
import { appendHandler } from './append.js';
import { batchAppendHandler } from './batch-append.js';
import { deleteHandler } from './delete.js';
import { supportedMethodsHandler } from './features.js';
import { gossipHandler, type EndPoint } from './gossip.js';
import { type Handler } from './grpc/handler.js';
import { persistentSubscriptionsHandlers } from './persistent-subscriptions/service.js';
import { type PersistentSubscriptions } from './persistent-subscriptions/subsystem.js';
import { readHandler } from './read.js';
import { type Access } from './security/access.js';
import { usersHandlers } from './security/users-service.js';
import { type Users } from './security/users.js';
import { type NodeStore } from './store/node-store.js';

/** What the services answer from. */
export interface ServiceParts {
  store: NodeStore;
  subscriptions: PersistentSubscriptions;
  access: Access;
  /** Undefined if nobody is told apart. */
  users: Users | undefined;
  /** That of the node, 16 bytes. */
  instanceId: Buffer;
  reachedAt: () => EndPoint;
}

/** By path. */
export function handlersOf(parts: ServiceParts): Record<string, Handler> {
  const { store, subscriptions, access, users, instanceId, reachedAt } = parts;
  const memory = createAppendMemory();
  return {
    ...service('gossip.Gossip', { Read: gossipHandler(instanceId, reachedAt) }),
    ...service('server_features.ServerFeatures', {
      GetSupportedMethods: supportedMethodsHandler(users !== undefined),
    }),
    ...service('streams.Streams', {
      Read: readHandler(store, access),
      Append: appendHandler({ store, access, memory }),
      BatchAppend: batchAppendHandler({ store, access, memory }),
      Delete: deleteHandler(store, access, 'delete'),
      Tombstone: deleteHandler(store, access, 'tombstone'),
    }),
    ...service(
      'persistent_subscriptions.PersistentSubscriptions',
      persistentSubscriptionsHandlers({ store, subscriptions, access }),
    ),
    ...(users && service('users.Users', usersHandlers(users))),
  };
}

function service(name: string, methods: Record<string, Handler>): Record<string, Handler> {
  const withPath = ([method, handler]: [string, Handler]) =>
    [`/event_store.client.${name}/${method}`, handler] as const;
  return Object.fromEntries(Object.entries(methods).map(withPath));
}
