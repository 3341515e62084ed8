// What the node is behind its port: a store, and the services that answer from it. It is opened on a
// folder, and closed again, as a whole.
import { type Socket } from 'node:net';
import { type IncomingCall } from './grpc/handler.js';
import { createGrpcServer } from './grpc/server.js';
import { handlersOf } from './services.js';
import { startPersistentSubscriptions } from './persistent-subscriptions/subsystem.js';
import { createAccess, OPEN_ACCESS } from './security/access.js';
import { createAuthenticator } from './security/authenticator.js';
import { createGatekeeper } from './security/gatekeeper.js';
import { type FirstPasswords } from './security/first-passwords.js';
import { makeFirstUsers } from './security/first-users.js';
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

export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { firstPasswords, reachedAt } = options;
  const instanceId = newUuid();
  const store = await openNodeStore({ ...options, instanceId });
  try {
    const guarded = firstPasswords && (await guard(store, firstPasswords));
    const { users, access, admit } = guarded ?? OPEN;
    const subscriptions = startPersistentSubscriptions(store);
    const parts = { store, subscriptions, access, users, instanceId, reachedAt };
    const server = createGrpcServer({ handlers: handlersOf(parts), admit });
    return {
      serve: (connection) => server.serve(connection),
      close: async () => {
        await subscriptions.stop();
        await server.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

const OPEN = { users: undefined, access: OPEN_ACCESS, admit: undefined };

async function guard(store: NodeStore, firstPasswords: FirstPasswords) {
  const users = createUsers(store);
  await makeFirstUsers(users, firstPasswords);
  const gatekeeper = createGatekeeper(createAuthenticator(users));
  const access = createAccess(store, (call) => gatekeeper.callerOf(call));
  return { users, access, admit: (call: IncomingCall) => gatekeeper.admit(call) };
}
