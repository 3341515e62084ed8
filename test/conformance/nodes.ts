// Embedded nodes to play scenarios on.
import { startEventNode } from '../../src/embedded/event-node/start.js';
import { CERTIFICATE, PRIVATE_KEY, urlFor } from '../support/event-node-users.js';
import { connectTo, type Server } from './wire/server.js';
import { ADMIN } from './wire/target.js';

export interface ServingNode {
  server: Server;
  close: () => Promise<void>;
}

export async function startNode(): Promise<ServingNode> {
  const node = await startEventNode({ inMemory: true });
  const server = connectTo(node.url);
  return { server, close: () => server.close().then(() => node.stop()) };
}

/** One with TLS, and users with the passwords that the record knows. */
export async function startSecureNode(): Promise<ServingNode> {
  const { password } = ADMIN;
  const identity = { certificate: CERTIFICATE, privateKey: PRIVATE_KEY };
  const security = { ...identity, adminPassword: password, opsPassword: password };
  const node = await startEventNode({ inMemory: true, security });
  const server = connectTo(urlFor(node.port, ADMIN));
  return { server, close: () => server.close().then(() => node.stop()) };
}
