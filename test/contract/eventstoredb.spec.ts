// The EventStoreDB adapter against the embedded node, or against the server that EVENTSTORE_URL names.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import {
  AppendOutcomeUnknown,
  type EventStore,
  EventStoreUnavailable,
  LogChanged,
  NO_STREAM,
} from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { startEventNode } from '../../src/embedded/event-node/start.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { collect, eventStoreContract, newEvent } from './event-store.contract.js';

const log = pino({ level: 'silent' });
const realServer = process.env['EVENTSTORE_URL'];
const folder = mkdtempSync(join(tmpdir(), 'daybook-contract-'));
const urlAt = (port: number) => `esdb://127.0.0.1:${port}?tls=false`;
afterAll(() => rmSync(folder, { recursive: true }));

describe(`the EventStoreDB adapter on ${realServer ? 'a real server' : 'the embedded node'}`, () => {
  let url = realServer ?? '';
  let stop = () => Promise.resolve();
  const stores: ReturnType<typeof eventStoreDb>[] = [];
  beforeAll(async () => {
    if (realServer) return;
    const node = await startEventNode({ dataDir: join(folder, 'shared') });
    url = node.url;
    stop = () => node.stop();
  });
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await stop();
  });

  eventStoreContract(() => {
    const store = eventStoreDb(url, log);
    stores.push(store);
    return store;
  });
});

describe('appends in flight when a connection breaks', () => {
  const STREAMS = Array.from({ length: 12 }, (_, n) => `stream-${n}`);
  const REVISIONS = Array.from({ length: 20 }, (_, n) => n);

  /** Appends one event after the other, each again until its outcome is known; counts those that were not. */
  async function fill(
    store: EventStore,
    stream: string,
    afterSending: (revision: number) => void,
  ): Promise<number> {
    let unknown = 0;
    for (const revision of REVISIONS) {
      const events = [newEvent({ n: revision, text: 'x'.repeat(10_000) })];
      for (let isKnown = false; !isKnown;) {
        const sent = store.append(stream, revision - 1, events);
        afterSending(revision);
        try {
          expect(await sent).toMatchObject({ kind: 'appended', revision });
          isKnown = true;
        } catch (error) {
          if (!(error instanceof AppendOutcomeUnknown)) throw error;
          unknown += 1;
        }
      }
    }
    return unknown;
  }

  it('have an outcome and are stored once, and no other store in the process notices', async () => {
    const nodes = [
      await startEventNode({ dataDir: join(folder, 'cut') }),
      await startEventNode({ dataDir: join(folder, 'quiet') }),
    ] as const;
    const proxy = await startTcpProxy(nodes[0].port);
    const cut = eventStoreDb(urlAt(proxy.port), log);
    const quiet = eventStoreDb(nodes[1].url, log);
    const toCutAt = new Set([3, 9, 10, 15]);
    const cutting = (revision: number) => {
      if (toCutAt.delete(revision)) proxy.cut();
    };
    const fillAll = async (store: EventStore, afterSending: (revision: number) => void) => {
      const counts = await Promise.all(STREAMS.map((name) => fill(store, name, afterSending)));
      return counts.reduce((sum, count) => sum + count, 0);
    };
    const [unknown, noticed] = await Promise.all([
      fillAll(cut, cutting),
      fillAll(quiet, () => undefined),
    ]);
    expect(unknown).toBeGreaterThan(0);
    expect(noticed).toBe(0);
    for (const store of [cut, quiet]) {
      for (const stream of STREAMS) {
        const stored = await collect(store.readStream(stream, { from: 0 }));
        expect(stored.map(({ data }) => data['n'])).toEqual(REVISIONS);
      }
      await store.close();
    }
    await proxy.close();
    await Promise.all(nodes.map((node) => node.stop()));
  });
});

describe('the EventStoreDB adapter when the server comes and goes', () => {
  it('tells an unknown outcome from an unavailable store, and recovers by itself', async () => {
    const dataDir = join(folder, 'restarted');
    let node = await startEventNode({ dataDir });
    const { port } = node;
    const store = eventStoreDb(urlAt(port), log);
    await store.append('prefix-a', NO_STREAM, [newEvent({ n: 0 })]);

    const controller = new AbortController();
    const { signal } = controller;
    const messages = store.subscribe({ streamPrefix: 'prefix-', after: undefined, signal });
    const subscription = messages[Symbol.asyncIterator]();
    expect((await subscription.next()).value).toMatchObject({ data: { n: 0 } });
    expect((await subscription.next()).value).toEqual({ kind: 'caught-up' });

    await node.stop();
    await expect(store.append('prefix-a', 0, [newEvent()])).rejects.toThrow(AppendOutcomeUnknown);
    await expect(collect(store.readStream('prefix-a', { from: 0 }))).rejects.toThrow(
      EventStoreUnavailable,
    );
    expect(await store.isReachable()).toBe(false);

    node = await startEventNode({ dataDir, port });
    expect(await store.append('prefix-a', 0, [newEvent({ n: 1 })])).toMatchObject({
      kind: 'appended',
    });
    expect(await collect(store.readStream('prefix-a', { from: 0 }))).toHaveLength(2);
    const next: unknown[] = [];
    for (
      let message = await subscription.next();
      next.length === 0;
      message = await subscription.next()
    ) {
      if (message.done || 'kind' in message.value) continue;
      next.push(message.value.data['n']);
      break;
    }
    expect(next).toEqual([1]);
    controller.abort();
    await subscription.return?.(undefined);
    await store.close();
    await node.stop();
  });

  it('ends a subscription whose server comes back with an older copy of its log', async () => {
    const dataDir = join(folder, 'rewound');
    let node = await startEventNode({ dataDir });
    const { port } = node;
    const store = eventStoreDb(urlAt(port), log);
    await store.append('prefix-a', NO_STREAM, [newEvent({ n: 0 })]);
    await node.stop();
    cpSync(dataDir, join(folder, 'older'), { recursive: true });

    node = await startEventNode({ dataDir, port });
    await store.append('prefix-a', 0, [newEvent({ n: 1 })]);
    const { signal } = new AbortController();
    const messages = store.subscribe({ streamPrefix: 'prefix-', after: undefined, signal });
    const subscription = messages[Symbol.asyncIterator]();
    for (const n of [0, 1]) {
      expect((await subscription.next()).value).toMatchObject({ data: { n } });
    }
    const lost = (async () => {
      for (let next = await subscription.next(); !next.done;) next = await subscription.next();
    })();
    await node.stop();
    node = await startEventNode({ dataDir: join(folder, 'older'), port });
    await expect(lost).rejects.toThrow(LogChanged);
    await store.close();
    await node.stop();
  });
});
