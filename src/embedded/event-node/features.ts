// ServerFeatures: which version the node speaks as, and what of it there is. Clients choose between
// calls by these entries, so only what is implemented is listed.
import serverFeatures from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { type Handler } from './grpc/handler.js';
import { messageUnary } from './grpc/messages.js';

const VERSION = '24.6.0';

const PERSISTENT = 'event_store.client.persistent_subscriptions.persistentsubscriptions';
const SOURCES = ['stream', 'all'];

type Method = [service: string, method: string, features: string[]];

const METHODS: Method[] = [
  ['event_store.client.gossip.gossip', 'read', []],
  ['event_store.client.server_features.serverfeatures', 'getsupportedmethods', []],
  ['event_store.client.streams.streams', 'append', []],
  ['event_store.client.streams.streams', 'batchappend', ['deadline_duration']],
  ['event_store.client.streams.streams', 'delete', []],
  ['event_store.client.streams.streams', 'read', ['position', 'events']],
  ['event_store.client.streams.streams', 'tombstone', []],
  [PERSISTENT, 'create', SOURCES],
  [PERSISTENT, 'update', SOURCES],
  [PERSISTENT, 'delete', SOURCES],
  [PERSISTENT, 'read', SOURCES],
  [PERSISTENT, 'getinfo', SOURCES],
  [PERSISTENT, 'replayparked', SOURCES],
  [PERSISTENT, 'list', SOURCES],
  [PERSISTENT, 'restartsubsystem', SOURCES],
];

const USERS = 'event_store.client.users.users';
const USERS_METHODS = [
  ...['create', 'update', 'delete', 'disable', 'enable', 'details'],
  ...['changepassword', 'resetpassword'],
].map((method): Method => [USERS, method, []]);

/** `hasUsers` if the service for them is there. */
export function supportedMethodsHandler(hasUsers: boolean): Handler {
  return messageUnary(shared.Empty, () => {
    const supported = new serverFeatures.SupportedMethods();
    supported.setEventStoreServerVersion(VERSION);
    for (const [service, method, features] of [...METHODS, ...(hasUsers ? USERS_METHODS : [])]) {
      const entry = new serverFeatures.SupportedMethod();
      entry.setServiceName(service);
      entry.setMethodName(method);
      entry.setFeaturesList(features);
      supported.addMethods(entry);
    }
    return supported;
  });
}
