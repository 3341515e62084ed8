// The event node: EventStoreDB's gRPC protocol on one port, over a log in one folder. This file
// wires the services to their handlers and owns the order of starting and stopping.
import { Server, ServerCredentials } from '@grpc/grpc-js';
import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import serverFeaturesService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { decodeAppendMessage, decodeBatchAppendMessage } from './append-request.js';
import { appendHandler } from './append.js';
import { batchAppendHandler } from './batch-append.js';
import { deleteHandler } from './delete.js';
import { getSupportedMethods } from './features.js';
import { lockFolder } from './folder-lock.js';
import { gossipHandler, type EndPoint } from './gossip.js';
import { createOpenCalls, type OpenCalls } from './open-calls.js';
import { readHandler } from './read.js';
import {
  persistentSubscriptionsDefinition,
  persistentSubscriptionsHandlers,
} from './persistent-subscriptions/service.js';
import {
  startPersistentSubscriptions,
  type PersistentSubscriptions,
} from './persistent-subscriptions/subsystem.js';
import { openNodeStore, type NodeStore } from './store/node-store.js';
import { newUuid } from './uuid.js';

export interface EventNodeOptions {
  /** Folder of the log; made if it is not there. One process at a time. */
  dataDir: string;
  /** Loopback unless told otherwise: there is no authentication. */
  host?: string;
  /** 0, the default, takes any free port. */
  port?: number;
  /** Told once if the disk refused a write; from then on appends answer UNAVAILABLE. */
  onFailure?: (error: unknown) => void;
}

export interface EventNode {
  /** Connection string for the official client. */
  url: string;
  port: number;
  /** Ends open calls with UNAVAILABLE, finishes commits under way, closes the log. */
  stop(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
/** The limits of the real server: one message, and calls at a time on one connection. */
const MESSAGE_BYTES_MAX = 16 * 1024 * 1024;
const CALLS_PER_CONNECTION_MAX = 100;
const STOP_TIMEOUT_MS = 2000;

export async function startEventNode(options: EventNodeOptions): Promise<EventNode> {
  const host = options.host ?? LOOPBACK;
  const lock = await lockFolder(options.dataDir);
  const onFailure = options.onFailure ?? (() => {});
  const instanceId = newUuid();
  const opening = openNodeStore({ dataDir: options.dataDir, instanceId, onFailure });
  const store = await opening.catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
  const calls = createOpenCalls();
  const server = new Server({
    'grpc.max_receive_message_length': MESSAGE_BYTES_MAX,
    'grpc.max_send_message_length': -1,
    'grpc.max_concurrent_streams': CALLS_PER_CONNECTION_MAX,
  });
  let port = options.port ?? 0;
  let subscriptions: PersistentSubscriptions | undefined;
  const close = async () => {
    await store.close();
    await lock.release();
  };
  try {
    subscriptions = startPersistentSubscriptions(store);
    addServices(server, { store, subscriptions, calls, instanceId, bound: () => ({ host, port }) });
    port = await bind(server, `${host}:${port}`);
  } catch (error) {
    await subscriptions?.stop();
    await close();
    throw error;
  }
  const stop = async () => {
    await subscriptions?.stop();
    calls.endAll();
    await shutDown(server);
    await close();
  };
  let stopping: Promise<void> | undefined;
  return { url: `esdb://${host}:${port}?tls=false`, port, stop: () => (stopping ??= stop()) };
}

interface Parts {
  store: NodeStore;
  subscriptions: PersistentSubscriptions;
  calls: OpenCalls;
  instanceId: Buffer;
  bound: () => EndPoint;
}

function addServices(
  server: Server,
  { store, subscriptions, calls, instanceId, bound }: Parts,
): void {
  server.addService(gossipService.GossipService, { read: gossipHandler(instanceId, bound) });
  server.addService(serverFeaturesService.ServerFeaturesService, { getSupportedMethods });
  const { read, append, batchAppend, delete: remove, tombstone } = streamsService.StreamsService;
  const deletion = { requestDeserialize: decodeAppendMessage, responseSerialize: asIs };
  const definition = {
    // Events go out as the bytes they are stored as, and appends come in without message objects.
    read: { ...read, responseSerialize: asIs },
    append: { ...append, requestDeserialize: decodeAppendMessage, responseSerialize: asIs },
    batchAppend: { ...batchAppend, requestDeserialize: decodeBatchAppendMessage },
    delete: { ...remove, ...deletion },
    tombstone: { ...tombstone, ...deletion },
  };
  server.addService(definition, {
    read: readHandler(store, calls),
    append: appendHandler(store),
    batchAppend: batchAppendHandler(store, calls),
    delete: deleteHandler(store, 'delete'),
    tombstone: deleteHandler(store, 'tombstone'),
  });
  server.addService(
    persistentSubscriptionsDefinition,
    persistentSubscriptionsHandlers(store, subscriptions, calls),
  );
}

const asIs = (message: Buffer) => message;

function bind(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

/** Lets calls under way finish, for a moment. */
function shutDown(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const impatient = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, STOP_TIMEOUT_MS);
    server.tryShutdown(() => {
      clearTimeout(impatient);
      resolve();
    });
  });
}
