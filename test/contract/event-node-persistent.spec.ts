// What persistent subscriptions answer on the wire: refusals with their trailers, and, through the
// official client, groups that are made, consumed, parked, replayed, changed and deleted.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import {
  EventStoreDBClient,
  jsonEvent,
  PARK,
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  RETRY,
  SKIP,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import { startEventNode, type EventNode } from '../../src/embedded/event-node/start.js';
import { append, connect, idOf, type StreamsClient } from '../support/event-node-wire.js';
import {
  ask,
  connectPersistent,
  consumerOptions,
  createRequest,
  createToAllRequest,
  infoOf,
  infoWhen,
  openConsumer,
  removeGroup,
  type GroupInfo,
  type PersistentClient,
  type WireSettings,
} from '../support/persistent-wire.js';

const dataDir = mkdtempSync(join(tmpdir(), 'daybook-node-persistent-'));
let node: EventNode;
let client: PersistentClient;
let streams: StreamsClient;
let official: EventStoreDBClient;

beforeAll(async () => {
  node = await startEventNode({ dataDir });
  client = connectPersistent(node.port);
  streams = connect(node.port);
  official = EventStoreDBClient.connectionString(node.url);
});
afterAll(async () => {
  client.close();
  streams.close();
  await official.dispose();
  await node.stop();
  rmSync(dataDir, { recursive: true });
});

const HANDLER_ERROR = 'UNKNOWN: Exception was thrown by handler.';
const missing = (stream: string, group: string) =>
  `NOT_FOUND: Subscription group ${group} on stream ${stream} does not exist. | ` +
  `exception=persistent-subscription-does-not-exist | stream-name=${stream} | group-name=${group}`;
const dropped = (stream: string, group: string) =>
  `CANCELLED: Subscription group ${group} on stream ${stream} was dropped. | ` +
  `exception=persistent-subscription-dropped | stream-name=${stream} | group-name=${group}`;

async function write(stream: string, n: number, label = stream): Promise<void> {
  const events = Array.from({ length: n }, (_, i) => ({ id: idOf(`${label}/${i}/${Math.PI}`) }));
  const { text } = await append(streams, stream, 'any', events);
  expect(text).toMatch(/^ok/);
}
const create = (...args: Parameters<typeof createRequest>) =>
  ask(client.create.bind(client), createRequest(...args)).then(({ text }) => text);
const consume = (stream: string | undefined, group: string, bufferSize = 10) =>
  openConsumer(client, consumerOptions(stream, group, { bufferSize }));

const info = (stream: string, group: string) => infoOf(client, stream, group);
const infoOnce = (stream: string, group: string, isSo: (shown: GroupInfo) => boolean) =>
  infoWhen(client, { stream, group }, isSo);
const remove = (stream: string, group: string) => removeGroup(client, stream, group);

async function dataIn(stream: string): Promise<string[]> {
  const data: string[] = [];
  for await (const { event } of official.readStream(stream)) {
    data.push(Buffer.from(event?.data as Uint8Array).toString());
  }
  return data;
}

describe('creating a group', () => {
  beforeAll(async () => {
    await write('made', 3);
    await create('made', 'g');
  });
  const failed = (reason: string) =>
    `INTERNAL: Subscription group x on stream made failed: '${reason}' | ` +
    `exception=persistent-subscription-failed | stream-name=made | group-name=x | reason=${reason}`;
  const tooMuch =
    'Specified argument was out of the range of valid values. ' +
    "(Parameter 'ReadBatchSize may not be greater than or equal to BufferSize')";

  it.each<[string, WireSettings & { from?: bigint | 'unset' }, string]>([
    [
      'strategy',
      { strategy: 'roundrobin' },
      failed('Consumer strategy roundrobin does not exist.'),
    ],
    ['batch as large as the buffer', { readBatchSize: 500 }, failed(tooMuch)],
    ['revision below the end', { from: -2n }, HANDLER_ERROR],
    [
      'start',
      { from: 'unset' },
      "INVALID_ARGUMENT: 'None' is not a valid EventStore.Client.PersistentSubscriptions." +
        'CreateReq+Types+StreamOptions+RevisionOptionOneofCase',
    ],
  ])('refuses a %s that cannot be', async (_, settings, refusal) => {
    expect(await create('made', 'x', settings)).toBe(refusal);
    expect((await info('made', 'x')).text).toBe(missing('made', 'x'));
  });

  it('refuses one that is there, whatever else is wrong with its buffers', async () => {
    expect(await create('made', 'g', { readBatchSize: 500 })).toBe(
      'ALREADY_EXISTS: Subscription group g on stream made exists. | ' +
        'exception=persistent-subscription-exists | stream-name=made | group-name=g',
    );
  });

  it('escapes names that trailers cannot hold', async () => {
    expect(await create('日本', 'ü')).toBe('ok');
    expect(await create('日本', 'ü')).toBe(
      'ALREADY_EXISTS: Subscription group ü on stream 日本 exists. | ' +
        'exception=persistent-subscription-exists | stream-name=%E6%97%A5%E6%9C%AC | group-name=%C3%BC',
    );
  });

  it('knows groups by stream and group together', async () => {
    expect(await create('key', 'a::b')).toBe('ok');
    expect(await create('key::a', 'b')).toMatch(/^ALREADY_EXISTS/);
    expect((await info('key::a', 'b')).text).toBe(missing('key::a', 'b'));
    expect(await remove('key::a', 'b')).toBe(missing('key::a', 'b'));
    expect((await info('key', 'a::b')).text).toBe('ok');
  });

  it('answers where the real server does not: a stream without a name', async () => {
    expect(await create('', 'g')).toBe(HANDLER_ERROR);
    expect((await info('', 'g')).text).toBe(HANDLER_ERROR);
    expect(await remove('', 'g')).toBe(HANDLER_ERROR);
  });

  it('of $all starts at a record, or at the end', async () => {
    const toAll = (group: string, from: bigint) =>
      ask(client.create.bind(client), createToAllRequest(group, { from, prefixes: ['x'] }));
    expect((await toAll('end', -1n)).text).toBe('ok');
    expect((await toAll('beyond', 2n ** 52n)).text).toContain(
      'reason=Invalid Start From position: commit position must be less than or equal',
    );
    expect((await toAll('off', 5n)).text).toBe('ok');
    expect(await consume(undefined, 'off').whole()).toEqual([
      'confirmed $all::off',
      dropped('$all', 'off'),
    ]);
  });
});

describe('a consumer', () => {
  beforeAll(() => write('one', 3));

  it.each<[string, InstanceType<typeof persistent.ReadReq>, string]>([
    ['a group that is not there', consumerOptions('one', 'none'), missing('one', 'none')],
    ['no group', consumerOptions('one', ''), HANDLER_ERROR],
    ['no stream', consumerOptions('', 'g'), HANDLER_ERROR],
    ['a negative buffer', consumerOptions('one', 'g', { bufferSize: -1 }), HANDLER_ERROR],
    ['no form of ids', consumerOptions('one', 'g', { uuidOption: false }), HANDLER_ERROR],
    ['nothing', new persistent.ReadReq(), HANDLER_ERROR],
  ])('that asks for %s is refused', async (_, first, refusal) => {
    expect(await openConsumer(client, first).whole()).toEqual([refusal]);
  });

  it('is told the key, and is sent what it has room for', async () => {
    await create('one', 'g');
    const consumer = consume('one', 'g', 2);
    await consumer.count(3);
    consumer.ack(2);
    expect(await consumer.count(4)).toEqual(['confirmed one::g', '0@one', '1@one', '2@one']);
    consumer.cancel();
  });

  it('that says what nobody understands is listened to no more, and is sent more', async () => {
    await write('deaf', 2);
    await create('deaf', 'g');
    const consumer = consume('deaf', 'g', 3);
    await consumer.count(3);
    consumer.call.write(new persistent.ReadReq());
    consumer.ack(1, 2);
    await write('deaf', 1, 'deaf later');
    await consumer.count(4);
    expect((await info('deaf', 'g')).info?.outstandingMessagesCount).toBe(3);
    consumer.cancel();
  });

  it('may be one too many', async () => {
    await create('one', 'two', { maxSubscriberCount: 1 });
    const first = consume('one', 'two');
    await first.count(1);
    expect(await consume('one', 'two').whole()).toEqual([
      'FAILED_PRECONDITION: Maximum subscriptions reached for subscription group two on stream one. | ' +
        'exception=maximum-subscribers-reached | stream-name=one | group-name=two',
    ]);
    first.cancel();
  });

  it('is sent everything once and in order while many write and it is slow', async () => {
    await create('busy', 'g', { from: 'end', historyBufferSize: 50, liveBufferSize: 10 });
    const consumer = consume('busy', 'g', 7);
    await consumer.count(1);
    const writing = Array.from({ length: 8 }, async (_, w) => {
      for (let i = 0; i < 25; i++) await write('busy', 1, `busy ${w} ${i}`);
    });
    for (let i = 1; i <= 200; i++) {
      await consumer.count(i + 1);
      consumer.ack(i);
    }
    await Promise.all(writing);
    expect(consumer.messages.slice(1)).toEqual(Array.from({ length: 200 }, (_, i) => `${i}@busy`));
    consumer.cancel();
  });

  it('of links is sent what they stand for, or that there is nothing', async () => {
    await write('target', 2);
    const link = (label: string, data: string) => ({
      ...{ id: idOf(label), data },
      metadata: { type: '$>', 'content-type': 'application/octet-stream' },
    });
    await append(streams, 'links', 'any', [link('l0', '1@target'), link('l1', '9@target')]);
    await create('links', 'g', { resolveLinks: true });
    const consumer = consume('links', 'g');
    expect((await consumer.count(3)).slice(1)).toEqual([
      '1@target by 0@links',
      'nothing by 1@links',
    ]);
    consumer.cancel();
  });
});

describe('a group', () => {
  it('whose stream is tombstoned while it is behind drops its consumers, then and later', async () => {
    await write('doomed', 5);
    await create('doomed', 'g', { historyBufferSize: 2, readBatchSize: 1 });
    const consumer = consume('doomed', 'g');
    await consumer.count(2);
    await official.tombstoneStream('doomed');
    consumer.ack(1);
    expect((await consumer.whole()).slice(1)).toEqual(['0@doomed', dropped('doomed', 'g')]);
    const confirmed = 'confirmed doomed::g';
    expect(await consume('doomed', 'g').whole()).toEqual([confirmed, dropped('doomed', 'g')]);
    const { info: shown } = await info('doomed', 'g');
    expect(shown).toMatchObject({
      status: 'Behind, OutstandingPageRequest',
      connectionsList: [],
      retryBufferCount: 0,
    });
  });

  it('of a stream that never shows in $all hears of what is written to it', async () => {
    await ask(
      client.create.bind(client),
      createToAllRequest('watched', { prefixes: ['watched'], from: 'end' }),
    );
    await create('$persistentsubscription-$all::watched-parked', 'watcher');
    const watcher = consume('$persistentsubscription-$all::watched-parked', 'watcher');
    await watcher.count(1);
    const consumer = consume(undefined, 'watched');
    await consumer.count(1);
    for (const label of ['one', 'two']) await write('watched', 1, `watched ${label}`);
    await consumer.count(3);
    consumer.nack('PARK', [1]);
    await watcher.count(2);
    consumer.nack('PARK', [2]);
    const parked = '$persistentsubscription-$all::watched-parked';
    expect((await watcher.count(3)).slice(1)).toEqual([`0@${parked}`, `1@${parked}`]);
    consumer.cancel();
    watcher.cancel();
  });

  it('goes on without a consumer that sends rubbish, or that takes nothing', async () => {
    await create('unharmed', 'g', { from: 'end', messageTimeoutMs: 2_000_000_000 });
    const lazy = consume('unharmed', 'g', 1_000_000);
    await lazy.count(1);
    lazy.call.pause();
    const data = JSON.stringify({ text: 'x'.repeat(10_000) });
    const SENT = 3000;
    for (let i = 0; i < SENT / 100; i++) {
      const events = Array.from({ length: 100 }, (_, j) => ({ id: idOf(`lazy ${i} ${j}`), data }));
      await append(streams, 'unharmed', 'any', events);
    }
    const { info: shown } = await info('unharmed', 'g');
    expect(shown?.totalInFlightMessages).toBeLessThan(SENT / 2);

    const rubbish = client.makeBidiStreamRequest(
      '/event_store.client.persistent_subscriptions.PersistentSubscriptions/Read',
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
    );
    const ended = new Promise((resolve) => rubbish.on('error', resolve));
    rubbish.on('data', () => {});
    rubbish.write(Buffer.from([0x0a, 0xff, 0xff]));
    expect(await ended).toMatchObject({ code: status.INTERNAL });

    lazy.cancel();
    await infoOnce('unharmed', 'g', (now) => now.connectionsList.length === 0);
    const next = consume('unharmed', 'g', 5);
    expect((await next.count(6))[1]).toBe('0@unharmed retry 1');
    next.cancel();
  });

  it('is found again whatever others write into the configuration', async () => {
    await create('configured', 'g');
    const rubbish = ['a', 'b', 'c'].map((label) => ({ id: idOf(`rubbish ${label}`) }));
    await append(streams, '$persistentSubscriptionConfig', 'any', rubbish);
    await official.restartPersistentSubscriptionSubsystem();
    expect((await info('configured', 'g')).text).toBe('ok');
  });

  it('drops its consumers when the node stops', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'daybook-node-stopping-'));
    const stopping = await startEventNode({ dataDir: folder });
    const other = connectPersistent(stopping.port);
    await ask(other.create.bind(other), createRequest('s', 'g'));
    const consumer = openConsumer(other, consumerOptions('s', 'g'));
    await consumer.count(1);
    await stopping.stop();
    expect(await consumer.whole()).toEqual(['confirmed s::g', dropped('s', 'g')]);
    other.close();
    rmSync(folder, { recursive: true });
  });
});

describe('groups through the official client', () => {
  const settings = persistentSubscriptionToStreamSettingsFromDefaults;

  it('deliver, try again, park, skip and replay', async () => {
    const events = [0, 1, 2, 3].map((n) => jsonEvent({ type: 'T', data: { n } }));
    await official.appendToStream('orders', events);
    await official.createPersistentSubscriptionToStream(
      'orders',
      'g',
      settings({ startFrom: START, maxRetryCount: 1 }),
    );
    const got: string[] = [];
    const subscription = official.subscribeToPersistentSubscriptionToStream('orders', 'g');
    const answered = (async () => {
      for await (const received of subscription) {
        const { event, retryCount } = received;
        got.push(`${event?.revision} retry ${retryCount}`);
        if (got.length < 6 && event?.revision === 1n) await subscription.nack(PARK, 'no', received);
        else if (event?.revision === 2n) await subscription.nack(RETRY, 'again', received);
        else if (event?.revision === 3n) await subscription.nack(SKIP, '', received);
        else await subscription.ack(received);
      }
    })().catch(() => {});
    await infoOnce('orders', 'g', (shown) => shown.parkedMessageCount === '2');
    expect([...got].sort()).toEqual([
      '0 retry 0',
      '1 retry 0',
      '2 retry 0',
      '2 retry 1',
      '3 retry 0',
    ]);
    expect(await dataIn('$persistentsubscription-orders::g-parked')).toEqual([
      '1@orders',
      '2@orders',
    ]);
    await official.replayParkedMessagesToStream('orders', 'g', { stopAt: 1 });
    await infoOnce('orders', 'g', (shown) => shown.parkedMessageCount === '1');
    expect(got.slice(5)).toEqual(['1 retry 0']);
    await subscription.unsubscribe();
    await answered;
  });

  it('of $all pass what their filter lets pass, and never their own checkpoints', async () => {
    const filter = streamNameFilter({ prefixes: ['mine-', '$persistentsubscription-$all'] });
    await official.createPersistentSubscriptionToAll(
      'mine',
      persistentSubscriptionToAllSettingsFromDefaults({
        ...{ checkPointLowerBound: 1, checkPointUpperBound: 1 },
      }),
      { filter },
    );
    const consumer = consume(undefined, 'mine');
    await consumer.count(1);
    for (const stream of ['mine-1', 'other', 'mine-2']) await write(stream, 1);
    await consumer.count(3);
    consumer.ack(1, 2);
    await write('mine-1', 1, 'mine later');
    expect((await consumer.count(4)).slice(1)).toEqual(['0@mine-1', '0@mine-2', '1@mine-1']);
    consumer.cancel();
  });

  it('drop their consumers when they change, go on after the checkpoint, and begin anew when made anew', async () => {
    await write('changing', 5);
    await create('changing', 'g', { minCheckpointCount: 1, maxCheckpointCount: 2 });
    const first = consume('changing', 'g');
    await first.count(6);
    first.ack(1, 2, 3);
    await infoOnce('changing', 'g', (shown) => shown.lastCheckpointedEventPosition === '2');
    await official.updatePersistentSubscriptionToStream('changing', 'g', settings());
    expect((await first.whole()).at(-1)).toBe(dropped('changing', 'g'));
    const second = consume('changing', 'g');
    expect((await second.count(3)).slice(1)).toEqual(['3@changing', '4@changing']);
    await official.restartPersistentSubscriptionSubsystem();
    expect((await second.whole()).at(-1)).toBe(dropped('changing', 'g'));
    const third = consume('changing', 'g');
    await third.count(3);
    await official.deletePersistentSubscriptionToStream('changing', 'g');
    expect((await third.whole()).at(-1)).toBe(dropped('changing', 'g'));
    await expect(dataIn('$persistentsubscription-changing::g-checkpoint')).rejects.toThrow();
    await create('changing', 'g');
    const fourth = consume('changing', 'g', 1);
    expect((await fourth.count(2)).slice(1)).toEqual(['0@changing']);
    fourth.cancel();
  });

  it('are listed by their source', async () => {
    await create('listed', 'b');
    await create('listed', 'a');
    const names = async (stream: string) =>
      (await official.listPersistentSubscriptionsToStream(stream)).map((one) => one.groupName);
    expect(await names('listed')).toEqual(['b', 'a']);
    await Promise.all(['a', 'b'].map((group) => remove('listed', group)));
    expect(await names('listed')).toEqual([]);
    await expect(names('never')).rejects.toThrow('does not exist');
  });
});

describe('what the real server would lose', () => {
  it('is kept: what waits behind events that a filter holds back', async () => {
    const group = createToAllRequest('waiting', {
      ...{ from: 'end', prefixes: ['waiting-'], minCheckpointCount: 1, maxCheckpointCount: 1 },
    });
    await ask(client.create.bind(client), group);
    await write('waiting-1', 2);
    await write('elsewhere', 5);
    await official.restartPersistentSubscriptionSubsystem();
    const consumer = consume(undefined, 'waiting');
    expect((await consumer.count(3)).slice(1)).toEqual(['0@waiting-1', '1@waiting-1']);
    consumer.cancel();
  });

  it('is kept: what a group that began at the end has not handled', async () => {
    await write('from-end', 2);
    await create('from-end', 'g', { from: 'end' });
    await write('from-end', 2, 'from end later');
    await official.restartPersistentSubscriptionSubsystem();
    const consumer = consume('from-end', 'g');
    expect((await consumer.count(3)).slice(1)).toEqual(['2@from-end', '3@from-end']);
    consumer.cancel();
  });

  it('is kept: parked messages that were replayed, until they are handled', async () => {
    await write('replayed', 2);
    await create('replayed', 'g');
    const consumer = consume('replayed', 'g');
    await consumer.count(3);
    consumer.nack('PARK', [1, 2]);
    await infoOnce('replayed', 'g', (shown) => shown.parkedMessageCount === '2');
    const replay = () => official.replayParkedMessagesToStream('replayed', 'g');
    await replay();
    const by = (n: number) => `${n}@replayed by ${n}@$persistentsubscription-replayed::g-parked`;
    expect((await consumer.count(5)).slice(3)).toEqual([by(0), by(1)]);
    consumer.ack(3);
    await infoOnce('replayed', 'g', (shown) => shown.outstandingMessagesCount === 1);
    await official.restartPersistentSubscriptionSubsystem();
    const next = consume('replayed', 'g');
    await next.count(1);
    await replay();
    await next.until(by(1));
    expect(next.messages).not.toContain(by(0));
    next.cancel();
  });
});
