// What a group keeps when the process is killed. Goal: every event comes to a consumer that
// acknowledges it, what a checkpoint covers does not come again, and settings, parked messages and
// the place where a group began are there after a restart. Method: a process that is killed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { append, connect, idOf } from '../support/event-node-wire.js';
import { forkEventNode, type NodeProcess } from '../support/event-node-process.js';
import {
  ask,
  connectPersistent,
  consumerOptions,
  createRequest,
  createToAllRequest,
  openConsumer,
} from '../support/persistent-wire.js';

const ROUNDS = 2;
const dataDir = mkdtempSync(join(tmpdir(), 'daybook-node-persistent-'));
let node: NodeProcess | undefined;

afterAll(async () => {
  await node?.end('SIGKILL');
  rmSync(dataDir, { recursive: true });
});

/** The node after a kill, or for the first time, and clients that the caller closes. */
async function startAgain() {
  if (node) expect(await node.end('SIGKILL')).toBe('SIGKILL');
  node = await forkEventNode(dataDir);
  const official = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${node.port}?tls=false`);
  const client = connectPersistent(node.port);
  const streams = connect(node.port);
  const close = async () => {
    client.close();
    streams.close();
    await official.dispose();
  };
  return { official, client, streams, close };
}

/** Resolves when the last checkpoint of a group is on disk as this. */
async function checkpointOf(official: EventStoreDBClient, key: string, place: string) {
  const stream = `$persistentsubscription-${key}-checkpoint`;
  const subscription = official.subscribeToStream(stream);
  for await (const { event } of subscription) if (event?.data === place) break;
  await subscription.unsubscribe();
}

it('keeps groups, checkpoints and parked messages', async () => {
  const before = await startAgain();
  const events = Array.from({ length: 6 }, (_, i) => ({ id: idOf(`kept ${i}`) }));
  await append(before.streams, 'kept', 'any', events);
  const create = (request: ReturnType<typeof createRequest>) =>
    ask(before.client.create.bind(before.client), request);
  await create(createRequest('kept', 'g', { maxCheckpointCount: 1, strategy: 'Pinned' }));
  await create(createRequest('kept', 'late', { from: 'end', maxRetryCount: 3 }));
  await create(createToAllRequest('all', { prefixes: ['ke'], maxCheckpointCount: 1 }));
  await append(before.streams, 'kept', 'any', [{ id: idOf('kept later') }]);
  const consumer = openConsumer(before.client, consumerOptions('kept', 'g'));
  await consumer.count(8);
  consumer.ack(1, 2, 3, 6);
  consumer.nack('PARK', [4], 'why');
  await checkpointOf(before.official, 'kept::g', '3');
  await before.close();

  const after = await startAgain();
  const groups = await after.official.listAllPersistentSubscriptions();
  expect(groups.map(({ eventSource, groupName }) => `${eventSource}::${groupName}`)).toEqual([
    'kept::g',
    'kept::late',
    '$all::all',
  ]);
  expect(groups.map(({ settings }) => settings.consumerStrategyName)).toEqual([
    ...['Pinned', 'RoundRobin', 'RoundRobin'],
  ]);
  expect(groups[0]?.stats).toMatchObject({
    lastCheckpointedEventRevision: 3n,
    parkedMessageCount: 1n,
  });
  const next = openConsumer(after.client, consumerOptions('kept', 'g'));
  expect((await next.count(4)).slice(1)).toEqual(['4@kept', '5@kept', '6@kept']);
  await after.official.replayParkedMessagesToStream('kept', 'g');
  await next.until('3@kept by 0@$persistentsubscription-kept::g-parked');
  const late = openConsumer(after.client, consumerOptions('kept', 'late'));
  expect((await late.count(2)).slice(1)).toEqual(['6@kept']);
  const all = openConsumer(after.client, consumerOptions(undefined, 'all'));
  expect((await all.count(8)).slice(1)).toHaveLength(7);
  await after.close();
}, 30_000);

it(`brings every event to a consumer, killed ${ROUNDS} times under load`, async () => {
  const acknowledged = new Set<string>();
  const written: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { official, client, close } = await startAgain();
    if (round === 0) {
      const group = createRequest('load', 'g', { maxCheckpointCount: 5, historyBufferSize: 60 });
      await ask(client.create.bind(client), group);
    }
    const consumer = openConsumer(client, consumerOptions('load', 'g', { bufferSize: 20 }));
    const target = acknowledged.size + 60;
    const consuming = (async () => {
      for (let i = 1; acknowledged.size < target; i++) {
        await consumer.count(i + 1);
        const message = consumer.messages[i] ?? '';
        if (!/^\d+@load/.test(message)) throw new Error(`not a message: ${message}`);
        consumer.ack(i);
        acknowledged.add(message.replace(/ retry \d+$/, ''));
      }
    })();
    for (let i = 0; i < 30; i++) {
      const pair = [0, 1].map((n) => jsonEvent({ type: 'T', data: { round, i, n } }));
      const { nextExpectedRevision } = await official.appendToStream('load', pair);
      written.push(...[1n, 0n].map((back) => `${nextExpectedRevision - back}@load`));
    }
    await consuming;
    await node?.end('SIGKILL');
    node = undefined;
    await close();
  }
  const { client, close } = await startAgain();
  const consumer = openConsumer(client, consumerOptions('load', 'g', { bufferSize: 20 }));
  for (let i = 1; written.some((name) => !acknowledged.has(name)); i++) {
    await consumer.count(i + 1);
    consumer.ack(i);
    acknowledged.add((consumer.messages[i] ?? '').replace(/ retry \d+$/, ''));
  }
  expect([...acknowledged].sort()).toEqual([...written].sort());
  await close();
}, 30_000);
