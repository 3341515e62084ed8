// What the node is behind its port: a store, and the services that answer from it. It is opened on a
// folder, and closed again, as a whole.
import { type Socket } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { createOpenCalls } from './open-calls.js';
import { addServices } from './services.js';
import { startPersistentSubscriptions } from './persistent-subscriptions/subsystem.js';
import { createAccess, OPEN_ACCESS } from './security/access.js';
import { createAuthenticator } from './security/authenticator.js';
import { createGatekeeper } from './security/gatekeeper.js';
import { makeFirstUsers, type FirstPasswords } from './security/first-users.js';
import { createUsers } from './security/users.js';
import { type EndPoint } from './gossip.js';
import { openNodeStore, type NodeStore, type NodeStoreOptions } from './store/node-store.js';
import { newUuid } from './uuid.js';

export interface EngineOptions extends Omit<NodeStoreOptions, 'instanceId'> {
  /** Undefined: nobody is told apart, and everybody may do everything. */
  firstPasswords: FirstPasswords | undefined;
  /** Where the node is reached, if a call does not say. */
  reachedAt: () => EndPoint;
}

export interface Engine {
  /** Serves a connection that speaks HTTP/2. */
  serve(connection: Socket): void;
  /** Ends open calls with UNAVAILABLE, finishes commits under way, closes the store. */
  close(): Promise<void>;
}

/** The limits of the real server: one message, and calls at a time on one connection. */
const LIMITS = {
  'grpc.max_receive_message_length': 16 * 1024 * 1024,
  'grpc.max_send_message_length': -1,
  'grpc.max_concurrent_streams': 100,
};
const CLOSE_TIMEOUT_MS = 2000;

export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { firstPasswords, reachedAt } = options;
  const instanceId = newUuid();
  const store = await openNodeStore({ ...options, instanceId });
  try {
    const guarded = firstPasswords && (await guard(store, firstPasswords));
    const { users, access, interceptors } = guarded ?? OPEN;
    const calls = createOpenCalls();
    const subscriptions = startPersistentSubscriptions(store);
    const server = new Server({ ...LIMITS, interceptors });
    addServices(server, { store, subscriptions, calls, access, users, instanceId, reachedAt });
    // Connections come decrypted, and say by themselves who calls.
    const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
    return {
      serve: (connection) => injector.injectConnection(connection),
      close: async () => {
        await subscriptions.stop();
        calls.endAll();
        await shutDown(server);
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

const OPEN = { users: undefined, access: OPEN_ACCESS, interceptors: [] };

async function guard(store: NodeStore, firstPasswords: FirstPasswords) {
  const users = createUsers(store);
  await makeFirstUsers(users, firstPasswords);
  const gatekeeper = createGatekeeper(createAuthenticator(users));
  const access = createAccess(store, (call) => gatekeeper.callerOf(call));
  return { users, access, interceptors: [gatekeeper.interceptor] };
}

/** Lets calls under way finish, for a moment. */
function shutDown(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const impatient = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, CLOSE_TIMEOUT_MS);
    server.tryShutdown(() => {
      clearTimeout(impatient);
      resolve();
    });
  });
}
