// Which service is answered by what.
import { type Server } from '@grpc/grpc-js';
import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import serverFeaturesService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import usersService from '@eventstore/db-client/generated/users_grpc_pb.js';
import { decodeAppendMessage, decodeBatchAppendMessage } from './append-request.js';
import { appendHandler } from './append.js';
import { batchAppendHandler } from './batch-append.js';
import { deleteHandler } from './delete.js';
import { supportedMethodsHandler } from './features.js';
import { gossipHandler, type EndPoint } from './gossip.js';
import { type OpenCalls } from './open-calls.js';
import {
  persistentSubscriptionsDefinition,
  persistentSubscriptionsHandlers,
} from './persistent-subscriptions/service.js';
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
  calls: OpenCalls;
  access: Access;
  /** Undefined if nobody is told apart. */
  users: Users | undefined;
  /** That of the node, 16 bytes. */
  instanceId: Buffer;
  reachedAt: () => EndPoint;
}

export function addServices(server: Server, parts: ServiceParts): void {
  const { store, subscriptions, calls, access, users, instanceId, reachedAt } = parts;
  server.addService(gossipService.GossipService, { read: gossipHandler(instanceId, reachedAt) });
  server.addService(serverFeaturesService.ServerFeaturesService, {
    getSupportedMethods: supportedMethodsHandler(users !== undefined),
  });
  server.addService(streamsDefinition, {
    read: readHandler(store, calls, access),
    append: appendHandler(store, access),
    batchAppend: batchAppendHandler(store, calls, access),
    delete: deleteHandler(store, access, 'delete'),
    tombstone: deleteHandler(store, access, 'tombstone'),
  });
  server.addService(
    persistentSubscriptionsDefinition,
    persistentSubscriptionsHandlers({ store, subscriptions, access }, calls),
  );
  if (users) server.addService(usersService.UsersService, usersHandlers(users));
}

const asIs = (message: Buffer) => message;

const { read, append, batchAppend, delete: remove, tombstone } = streamsService.StreamsService;
const deletion = { requestDeserialize: decodeAppendMessage, responseSerialize: asIs };

/** Events go out as the bytes they are stored as, and appends come in without message objects. */
const streamsDefinition = {
  read: { ...read, responseSerialize: asIs },
  append: { ...append, requestDeserialize: decodeAppendMessage, responseSerialize: asIs },
  batchAppend: { ...batchAppend, requestDeserialize: decodeBatchAppendMessage },
  delete: { ...remove, ...deletion },
  tombstone: { ...tombstone, ...deletion },
};
