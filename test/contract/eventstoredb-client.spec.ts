// What the client of the event store does when it connects again, and finds a server or none.
import { UnavailableError } from '@eventstore/db-client';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout as delay } from 'node:timers/promises';
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
const LOOKS_MAX = 300;
const LOOK_EVERY_MS = 10;

/** What the client keeps from its types. */
interface Inside {
  readonly disposableStreams: ReadonlySet<unknown>;
  readonly getGRPCClient: (service: unknown) => Promise<unknown>;
  readonly handleError: (failed: unknown, error: Error) => Promise<void>;
}

function insideOf(client: object): Inside {
  const inside: unknown = client;
  return inside as Inside;
}

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

describe('a client that connects again though its connection is whole', () => {
  it('keeps no call for appends open on the old one', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'daybook-client-'));
    const node = await startEventNode({ dataDir });
    const client = clientFor(node.url);
    const appends = new AppendCall(client, APPEND_TIMEOUT_MS);
    const append = (expectedRevision: number) =>
      appends.append({ stream: 'a', expectedRevision, events: [newEvent()] });
    await append(NO_STREAM);
    // What a read does that a busy server refuses.
    const { getGRPCClient, handleError } = insideOf(client);
    await handleError(await getGRPCClient(streamsService.StreamsClient), new UnavailableError());
    await append(0);
    const open = insideOf(client).disposableStreams;
    for (let look = 0; look < LOOKS_MAX && open.size > 1; look += 1) await delay(LOOK_EVERY_MS);
    expect(await append(1)).toMatchObject({ kind: 'appended', revision: 2 });
    expect(open.size).toBe(1);
    await client.dispose();
    await node.stop();
    rmSync(dataDir, { recursive: true });
  });
});
