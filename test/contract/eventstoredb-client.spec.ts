// What the client of the event store does while no server is to be found.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { startEventNode } from '../../src/embedded/event-node/start.js';
import { AppendCall } from '../../src/event-store/eventstoredb-append-call.js';
import { clientFor } from '../../src/event-store/eventstoredb-client.js';
import { subscribe } from '../../src/event-store/eventstoredb-subscription.js';
import { NO_STREAM } from '../../src/event-store/event-store.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { newEvent } from './event-store.contract.js';

const log = pino({ level: 'silent' });
const APPEND_TIMEOUT_MS = 1_500;

describe('a client of a cluster', () => {
  it('outlives that a connection breaks while it looks for a server and finds none', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'daybook-client-'));
    const node = await startEventNode({ dataDir });
    const proxy = await startTcpProxy(node.port);
    const host = `127.0.0.1:${proxy.port}`;
    const client = clientFor(`esdb://${host},${host}?tls=false&maxDiscoverAttempts=1`);
    const appends = new AppendCall(client, APPEND_TIMEOUT_MS);
    const append = (expectedRevision: number) =>
      appends.append({ stream: 'a', expectedRevision, events: [newEvent()] });
    await append(NO_STREAM);
    const controller = new AbortController();
    const { signal } = controller;
    const following = subscribe(client, { streamPrefix: 'a', after: undefined, signal }, log);
    await following.next();
    await following.next();
    const next = following.next();

    proxy.swallowReplies();
    await expect(append(0)).rejects.toThrow('no answer');
    await setImmediate();
    // The client has given up the connection and looks for a server, on which the next append waits. The
    // subscription is on the old connection still, and breaks with it.
    const looking = append(0);
    await setImmediate();
    await proxy.close();
    await expect(looking).rejects.toThrow('Failed to discover');

    controller.abort();
    expect(await next).toMatchObject({ done: true });
    await client.dispose();
    await node.stop();
    rmSync(dataDir, { recursive: true });
  });
});
