// What the official client makes of the event node: its own classes of errors, its metadata, its
// links. Both of its ways to append: Append with credentials, BatchAppend without.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ANY,
  BACKWARDS,
  binaryEvent,
  END,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  STREAM_EXISTS,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type AppendToStreamOptions,
} from '@eventstore/db-client';
import { startEventNode, type EventNode } from '../../src/embedded/event-node/start.js';

const dataDir = mkdtempSync(join(tmpdir(), 'daybook-node-client-'));
let node: EventNode;
let client: EventStoreDBClient;

beforeAll(async () => {
  node = await startEventNode({ dataDir });
  client = EventStoreDBClient.connectionString(node.url);
});
afterAll(async () => {
  await client.dispose();
  await node.stop();
  rmSync(dataDir, { recursive: true });
});

const event = (n: number) => jsonEvent({ type: 'T', data: { n } });

async function revisionsOf(stream: string): Promise<number[]> {
  const revisions = [];
  for await (const { event: read } of client.readStream(stream)) {
    revisions.push(Number(read?.revision));
  }
  return revisions;
}

const unary = { credentials: { username: 'admin', password: 'changeit' } };
const batch = {};

describe.each([
  ['Append', unary],
  ['BatchAppend', batch],
])('the client (%s)', (name, how) => {
  it('deletes a stream and writes it again', async () => {
    const s = `deleted-${name}`;
    const write = (options: AppendToStreamOptions) =>
      client.appendToStream(s, event(1), { ...options, ...how });
    await write({ expectedRevision: NO_STREAM });
    await expect(client.deleteStream(s, { expectedRevision: 9n })).rejects.toMatchObject({
      constructor: WrongExpectedVersionError,
      streamName: s,
      expectedVersion: 9n,
      actualVersion: 0n,
    });
    await client.deleteStream(s, { expectedRevision: 0n });
    await expect(revisionsOf(s)).rejects.toThrow(StreamNotFoundError);
    await expect(write({ expectedRevision: STREAM_EXISTS })).rejects.toThrow(StreamDeletedError);
    expect(await write({ expectedRevision: NO_STREAM })).toMatchObject({
      success: true,
      nextExpectedRevision: 1n,
    });
    expect(await revisionsOf(s)).toEqual([1]);
    const { metadata } = await client.getStreamMetadata(s);
    expect(metadata).toEqual({ truncateBefore: 1 });
  });

  it('ends a stream for ever', async () => {
    const s = `tombstoned-${name}`;
    const write = () => client.appendToStream(s, event(1), { expectedRevision: ANY, ...how });
    await write();
    await client.tombstoneStream(s);
    for (const refused of [write, () => revisionsOf(s), () => client.tombstoneStream(s)]) {
      await expect(refused()).rejects.toMatchObject({
        constructor: StreamDeletedError,
        streamName: s,
      });
    }
    await expect(client.getStreamMetadata(s)).rejects.toThrow(StreamDeletedError);
    await expect(client.setStreamMetadata(s, {}, how)).rejects.toThrow(StreamDeletedError);
  });

  it('sets the metadata of a stream and gets them back', async () => {
    const s = `metadata-${name}`;
    expect((await client.getStreamMetadata(s)).metadata).toBeUndefined();
    await client.appendToStream(s, [1, 2, 3].map(event), how);
    const metadata = {
      maxCount: 2,
      maxAge: 700,
      truncateBefore: 1,
      cacheControl: 9,
      acl: { readRoles: ['a'], writeRoles: ['b', 'c'] },
      mine: { nested: [1] },
    };
    await client.setStreamMetadata(s, metadata, { expectedRevision: NO_STREAM, ...how });
    expect(await client.getStreamMetadata(s)).toMatchObject({ streamName: s, metadata });
    expect(await revisionsOf(s)).toEqual([1, 2]);
    const again = client.setStreamMetadata(s, {}, { expectedRevision: NO_STREAM, ...how });
    await expect(again).rejects.toThrow(WrongExpectedVersionError);
    await client.setStreamMetadata(s, {}, { expectedRevision: 0n, ...how });
    expect(await revisionsOf(s)).toEqual([0, 1, 2]);
  });
});

it('a probe over HTTP/1 on the same port is told that the node is there', async () => {
  const get = (path: string) =>
    fetch(`http://127.0.0.1:${node.port}${path}`, { headers: { connection: 'close' } });
  expect((await get('/health/live')).status).toBe(204);
  expect((await get('/elsewhere')).status).toBe(404);
});

it('the client follows links', async () => {
  await client.appendToStream('linked', [1, 2].map(event));
  const link = (data: string) => binaryEvent({ type: '$>', data: Buffer.from(data) });
  await client.appendToStream('links', ['1@linked', '9@linked'].map(link));
  const read = [];
  const options = { direction: BACKWARDS, fromRevision: END, resolveLinkTos: true } as const;
  for await (const { event: target, link: original } of client.readStream('links', options)) {
    read.push([original?.revision, target?.streamId, target?.data]);
  }
  expect(read).toEqual([
    [1n, undefined, undefined],
    [0n, 'linked', { n: 2 }],
  ]);
});

it('a subscription of the client ends with the tombstone of its stream', async () => {
  await client.appendToStream('followed', event(1));
  const types: (string | undefined)[] = [];
  const subscription = client.subscribeToStream('followed');
  const failed = new Promise((resolve) => subscription.on('error', resolve));
  subscription.on('caughtUp', () => void client.tombstoneStream('followed'));
  subscription.on('data', (resolved) => types.push(resolved.event?.type));
  expect(await failed).toBeInstanceOf(StreamDeletedError);
  expect(types).toEqual(['T', '$streamDeleted']);
});
