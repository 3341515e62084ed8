// Who means ill, or is broken. Goal: he gets a clear error, the node keeps to its memory, and others do
// not notice. Method: one node in a process of its own, one client that appends and follows what it
// appended all the time, and beside it everything that a client should not do.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { bytesField, varintField } from '../../src/embedded/event-node/protobuf.js';
import { forkEventNode, type NodeProcess } from '../support/event-node-process.js';
import {
  append,
  connectAlone,
  counted,
  deleteStream,
  idOf,
  onAll,
  onStream,
  openRead,
  readAll,
  readRequest,
  subscribed,
  type StreamsClient,
} from '../support/event-node-wire.js';
import { createRequest } from '../support/persistent-wire.js';
import { answerTo, cancel, framed, openCall, openSession } from '../support/raw-grpc.js';
import { rawConnection } from '../support/raw-http.js';

const MIB = 1024 * 1024;
const FUZZ_RUNS = Number(process.env['DAYBOOK_MODEL_RUNS'] ?? 150);
const STREAMS = '/event_store.client.streams.Streams';
const GROUPS = '/event_store.client.persistent_subscriptions.PersistentSubscriptions';
const LONG_NAME = 'n'.repeat(10_000);
const REVISION_MAX = 2n ** 63n - 1n;

const text = (value: string) => Buffer.from(value);
const streamNamed = (name: string | Buffer) => bytesField(1, bytesField(3, Buffer.from(name)));
const ANY = bytesField(4);
const entry = (key: string, value: string) =>
  bytesField(2, bytesField(1, text(key)), bytesField(2, text(value)));

/** A proposed event as a field of an append. */
const proposed = (field: number, data: Buffer, metadata: Buffer = Buffer.alloc(0)) =>
  bytesField(
    field,
    bytesField(1, bytesField(2, text(idOf('proposed')))),
    entry('type', 'T'),
    entry('content-type', 'application/json'),
    bytesField(3, metadata),
    bytesField(4, data),
  );
const appendTo = (stream: string | Buffer) => bytesField(1, streamNamed(stream), ANY);
const named = bytesField(1, streamNamed('fuzzed'), bytesField(2, text('g')));
const group = createRequest('fuzzed', 'g').serializeBinary();

/** A well-formed request for every method. */
const REQUESTS: [path: string, message: Uint8Array][] = [
  [`${STREAMS}/Read`, readRequest(onAll('start')).serializeBinary()],
  [`${STREAMS}/Append`, appendTo('fuzzed')],
  [
    `${STREAMS}/BatchAppend`,
    Buffer.concat([
      bytesField(1, bytesField(2, text(idOf('correlation')))),
      bytesField(2, streamNamed('fuzzed'), ANY),
      proposed(3, text('{}')),
      varintField(4, 1),
    ]),
  ],
  [`${STREAMS}/Delete`, appendTo('fuzzed')],
  [`${STREAMS}/Tombstone`, appendTo('fuzzed-too')],
  [`${GROUPS}/Create`, group],
  [`${GROUPS}/Update`, group],
  [`${GROUPS}/Delete`, named],
  [`${GROUPS}/GetInfo`, named],
  [`${GROUPS}/ReplayParked`, named],
  [`${GROUPS}/Read`, Buffer.concat([named, varintField(3, 10)])],
  [`${GROUPS}/List`, bytesField(1, bytesField(1))],
  [`${GROUPS}/RestartSubsystem`, new Uint8Array()],
  ['/event_store.client.gossip.Gossip/Read', new Uint8Array()],
  ['/event_store.client.server_features.ServerFeatures/GetSupportedMethods', new Uint8Array()],
];
const PATHS = REQUESTS.map(([path]) => path);

/** Appends one event after the other, and follows them, until it is told to stop. */
async function behaveWell(client: StreamsClient) {
  const following = await subscribed(client, onStream('well-behaved', 'start'));
  let stopped = false;
  let appended = 0;
  const appending = (async () => {
    for (; !stopped; appended++) {
      const expected = appended === 0 ? 'no_stream' : BigInt(appended - 1);
      const event = { id: idOf(`well-behaved ${appended}`) };
      const answer = await append(client, 'well-behaved', expected, [event]);
      expect(answer.text).toBe(`ok ${appended}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  return {
    /** What was appended, and what was told of it: both in order. */
    stop: async () => {
      stopped = true;
      await appending;
      const told = () => following.messages.filter((message) => message.startsWith('well-behaved'));
      while (told().length < appended) await following.count(following.messages.length + 1);
      following.cancel();
      const expected = Array.from({ length: appended }, (_, n) => `well-behaved/${n}`);
      return { expected, told: told() };
    },
    appending,
  };
}

const dataDir = mkdtempSync(join(tmpdir(), 'daybook-node-hostile-'));
let node: NodeProcess;
let client: StreamsClient;
let well: Awaited<ReturnType<typeof behaveWell>>;
beforeAll(async () => {
  node = await forkEventNode(dataDir);
  client = connectAlone(node.port);
  well = await behaveWell(connectAlone(node.port));
});
afterAll(async () => {
  client.close();
  await node.end('SIGKILL');
  rmSync(dataDir, { recursive: true });
});
afterEach(async () => {
  const { answer } = await append(client, 'after-each', 'any', [
    { id: idOf(String(Math.random())) },
  ]).then(({ text: told }) => ({ answer: told }));
  expect(answer).toMatch(/^ok/);
});

/** Bytes of memory that the node has; undefined where the system does not tell. */
function residentBytes(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const status = readFileSync(`/proc/${node.child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

describe('a request that is none', () => {
  let session: ReturnType<typeof openSession>;
  beforeAll(() => (session = openSession(node.port)));
  afterAll(() => session.destroy());

  it.each(PATHS)('is refused by %s', async (path) => {
    const overlong = Buffer.alloc(11, 0xff);
    expect(await answerTo(session, path, framed(overlong))).toMatch(/^200 13 Error deserializing/);
    expect(await answerTo(session, path, framed(Buffer.alloc(3), 1))).toMatch(/^200 1[23] /);
    const encoding = { 'grpc-encoding': 'gzip' };
    const compressed = framed(Buffer.alloc(30), 1);
    expect(await answerTo(session, path, compressed, encoding)).toMatch(/^200 1[23] /);
    const unknown = { 'grpc-encoding': 'unknown' };
    expect(await answerTo(session, path, compressed, unknown)).toMatch(/^200 12 .*unsupported/i);
    const announced = Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 0]);
    expect(await answerTo(session, path, announced)).toMatch(/^200 8 Received message/);
    const json = { 'content-type': 'application/json' };
    expect(await answerTo(session, path, framed(Buffer.alloc(0)), json)).toBe('415');
  });

  it('is answered in any case, whatever its bytes are', async () => {
    const mutations = fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        remove: fc.nat(8),
        insert: fc.uint8Array({ maxLength: 8 }),
      }),
      { minLength: 1, maxLength: 4 },
    );
    const mutated = fc
      .tuple(fc.constantFrom(...REQUESTS), mutations)
      .map(([[path, message], changes]) => {
        const changed = changes.reduce((bytes: Buffer, { at, remove, insert }) => {
          const cut = Math.floor(at * bytes.length);
          return Buffer.concat([bytes.subarray(0, cut), insert, bytes.subarray(cut + remove)]);
        }, Buffer.from(message));
        return { path, changed };
      });
    const random = fc.record({
      path: fc.constantFrom(...PATHS),
      changed: fc.uint8Array({ maxLength: 64 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated, random), async ({ path, changed }) => {
        const call = openCall(session, path);
        call.stream.end(framed(changed));
        // What it became may be a subscription, which is answered and goes on.
        await call.answered;
        cancel(call);
        expect(await call.ended).not.toMatch(/^5\d\d/);
      }),
      { numRuns: FUZZ_RUNS },
    );
    expect(node.child.exitCode).toBeNull();
  });

  it('is no trouble over HTTP/1, or with headers that are too large', async () => {
    const plain = await rawConnection(`http://127.0.0.1:${node.port}`);
    plain.send(`POST ${PATHS[0]} HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\n12345`);
    expect(await plain.received(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 404/);
    plain.end();
    const [path = ''] = PATHS;
    const large = openSession(node.port);
    const answer = await answerTo(large, path, framed(Buffer.alloc(0)), { x: 'x'.repeat(MIB) });
    expect(answer).toMatch(/^(reset|431|200 (8|13) )/);
    large.destroy();
  });
});

describe('what takes memory', () => {
  async function fill(stream: string, size: { appends: number; events: number; bytes: number }) {
    for (let n = 0; n < size.appends; n++) {
      const events = Array.from({ length: size.events }, (_, i) => ({
        id: idOf(`${stream} ${n}/${i}`),
        data: 'x'.repeat(size.bytes),
      }));
      expect((await append(client, stream, 'any', events)).text).toMatch(/^ok/);
    }
  }
  const CONNECTIONS = 5;
  const CALLS = 100;

  it('is bounded for those who never read what they asked for', async () => {
    await fill('small', { appends: 20, events: 100, bytes: 5000 });
    await fill('large', { appends: 16, events: 1, bytes: MIB - 1 });
    const before = residentBytes();
    const sessions = Array.from({ length: CONNECTIONS }, () => openSession(node.port));
    const requests = ['small', 'large'].map((stream) =>
      readRequest((options) => {
        onStream(stream, 'start')(options);
        counted(1_000_000, false)(options);
      }).serializeBinary(),
    );
    const calls = sessions.flatMap((session) =>
      Array.from({ length: CALLS }, (_, i) => {
        const call = openCall(session, `${STREAMS}/Read`);
        call.stream.end(framed(requests[Number(i % 10 === 0)] ?? new Uint8Array()));
        return call;
      }),
    );
    await Promise.all(calls.filter((_, i) => i % CALLS === 0).map(({ answered }) => answered));
    expect(await readAll(client, onAll('start'), counted(100, false))).toHaveLength(101);
    const after = residentBytes();
    if (before !== undefined && after !== undefined)
      expect(after - before).toBeLessThan(CONNECTIONS * CALLS * MIB);
    for (const session of sessions) session.destroy();
  });

  it('is bounded for those who begin appends and never end them', async () => {
    const before = residentBytes();
    const session = openSession(node.port);
    const message = framed(proposed(2, Buffer.alloc(0), Buffer.alloc(MIB)));
    const calls = Array.from({ length: CALLS }, () => {
      const call = openCall(session, `${STREAMS}/Append`);
      call.stream.resume();
      call.stream.write(framed(appendTo('begun')));
      for (let n = 0; n < 10; n++) call.stream.write(message);
      return call;
    });
    // Who still sends may be cut off before he hears why.
    const told = await Promise.race(calls.map(({ ended }) => ended));
    expect(told).toMatch(/^(200 14 Server Is Too Busy|reset)$/);
    const after = residentBytes();
    if (before !== undefined && after !== undefined) expect(after - before).toBeLessThan(512 * MIB);
    for (const call of calls) cancel(call);
    session.destroy();
    const large = { id: idOf('large'), custom: Buffer.alloc(4 * MIB) };
    let answer = '';
    while (answer !== 'ok 0') {
      ({ text: answer } = await append(client, 'large-append', 'any', [large]));
      expect(answer).toMatch(/^(ok 0|UNAVAILABLE: Server Is Too Busy)$/);
    }
    expect(await readAll(client, onStream('begun', 'start'), counted(1, false))).toEqual([
      'not_found',
      'end',
    ]);
  });

  it('is not taken by calls that send nothing, or by connections that say nothing', async () => {
    const before = residentBytes();
    const sessions = Array.from({ length: CONNECTIONS }, () => openSession(node.port));
    const calls = sessions.flatMap((session) =>
      PATHS.flatMap((path) => Array.from({ length: 6 }, () => openCall(session, path))),
    );
    const silent = Array.from({ length: 300 }, () => connectTcp(node.port, '127.0.0.1'));
    await Promise.all(
      silent.map((socket) => new Promise((resolve) => socket.once('connect', resolve))),
    );
    expect(await readAll(client, onAll('start'), counted(3, false))).toHaveLength(4);
    const after = residentBytes();
    if (before !== undefined && after !== undefined) expect(after - before).toBeLessThan(128 * MIB);
    calls.forEach(cancel);
    for (const session of sessions) session.destroy();
    for (const socket of silent) socket.destroy();
  });

  it('leaves no trace of appends that were cancelled in the middle', async () => {
    const session = openSession(node.port);
    const calls = Array.from({ length: CALLS }, () => {
      const call = openCall(session, `${STREAMS}/Append`);
      call.stream.write(framed(appendTo('cancelled')));
      call.stream.write(framed(proposed(2, text('{}'))).subarray(0, 20));
      cancel(call);
      return call.ended;
    });
    await Promise.all(calls);
    const oversized = framed(proposed(2, Buffer.alloc(17 * MIB)));
    const body = Buffer.concat([framed(appendTo('cancelled')), oversized]);
    expect(await answerTo(session, `${STREAMS}/Append`, body)).toMatch(
      /^(200 8 Received message|200$|reset)/,
    );
    session.destroy();
    expect(await readAll(client, onStream('cancelled', 'start'), counted(1, false))).toEqual([
      'not_found',
      'end',
    ]);
  });
});

describe('names and numbers that nobody expects', () => {
  it('are names and numbers like others, or refused', async () => {
    const once = [{ id: idOf('once') }];
    expect((await append(client, LONG_NAME, 'any', once)).text).toBe('ok 0');
    expect(await readAll(client, onStream(LONG_NAME, 'start'), counted(1, false))).toEqual([
      `${LONG_NAME}/0`,
      'end',
    ]);
    const gone = await deleteStream(client, 'delete', { stream: LONG_NAME, expected: 77n });
    expect(gone.text).toMatch(/^FAILED_PRECONDITION: Delete failed due to WrongExpectedVersion/);
    const far = await append(client, 'numbers', REVISION_MAX, once);
    expect(far.text).toBe('wrong -1');
    const beyond = await append(client, 'numbers', REVISION_MAX + 1n, once);
    expect(beyond.text).toBe('UNKNOWN: Exception was thrown by handler.');
    const read = (...build: Parameters<typeof readAll> extends [unknown, ...infer B] ? B : never) =>
      readAll(client, ...build);
    expect(await read(onStream('unknown', 0), counted(2n ** 64n - 1n, false))).toEqual([
      'not_found',
      'end',
    ]);
    const huge = { commit: REVISION_MAX, prepare: REVISION_MAX };
    expect(await read(onAll(huge), counted(5, false))).toEqual(['end']);
    expect(await read(onAll(huge), counted(5, true))).toEqual([
      'UNKNOWN: Unexpected ReadAllResult: Error',
    ]);
    expect(await read(onStream('numbers', REVISION_MAX + 1n), counted(5, false))).toEqual([
      'UNKNOWN: Exception was thrown by handler.',
    ]);
  });

  it('may be bytes that are no text', async () => {
    const session = openSession(node.port);
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0xc3]);
    const body = Buffer.concat([
      framed(appendTo(Buffer.concat([text('bytes-'), bytes]))),
      framed(proposed(2, bytes, bytes)),
    ]);
    expect(await answerTo(session, `${STREAMS}/Append`, body)).toBe('200 0 OK');
    session.destroy();
    const stream = Buffer.concat([text('bytes-'), bytes]).toString();
    const reading = openRead(
      client,
      readRequest((options) =>
        [onStream(stream, 'start'), counted(1, false)].map((set) => set(options)),
      ),
    );
    await reading.whole();
    const event = reading.replies[0]?.getEvent()?.getEvent();
    expect(Buffer.from(event?.getData_asU8() ?? [])).toEqual(bytes);
    expect(Buffer.from(event?.getCustomMetadata_asU8() ?? [])).toEqual(bytes);
  });

  it('do not take long in links and metadata, though they have a million digits', async () => {
    const digits = '9'.repeat(MIB - 100);
    const link = { type: '$>', 'content-type': 'application/octet-stream' };
    const metadata = { type: '$metadata', 'content-type': 'application/json' };
    const linked = [{ id: idOf('link'), metadata: link, data: `${digits}@s` }];
    expect((await append(client, 'digits', 'any', linked)).text).toBe('ok 0');
    const described = [{ id: idOf('meta'), metadata, data: `{"$maxCount":${digits}}` }];
    expect((await append(client, '$$digits', 'any', described)).text).toBe('ok 0');
    const resolved = readAll(client, onStream('digits', 'start'), counted(9, false), (options) =>
      options.setResolveLinks(true),
    );
    expect(await resolved).toEqual(['digits/0', 'end']);
  });
});

describe('a filter that would search for ever', () => {
  it('ends the call that brought it', async () => {
    const name = `${'a'.repeat(60)}!`;
    expect((await append(client, name, 'any', [{ id: idOf('evil') }])).text).toBe('ok 0');
    const filter = bytesField(
      7,
      bytesField(1, bytesField(1, text('^(a+)+$'))),
      varintField(3, 32),
      varintField(5, 1),
    );
    const source = Buffer.concat([
      bytesField(2, bytesField(2)),
      filter,
      bytesField(9, bytesField(2)),
    ]);
    const session = openSession(node.port);
    const request = framed(bytesField(1, source, varintField(5, 1000)));
    expect(await answerTo(session, `${STREAMS}/Read`, request)).toMatch(
      /^200 3 The filter '\^\(a\+\)\+\$' takes too long/,
    );
    session.destroy();
  });
});

it('others did not notice', async () => {
  const { expected, told } = await well.stop();
  expect(told).toEqual(expected);
  expect(expected.length).toBeGreaterThan(20);
});

it('starts again, whatever was written to its own streams', async () => {
  const config = { type: '$PersistentConfig', 'content-type': 'application/json' };
  const bad = ['garbage', '{"version":"2"}', '{"version":"2","entries":[null]}', '[]', 'null'];
  for (const data of bad) {
    const event = { id: idOf(data), metadata: config, data };
    expect((await append(client, '$persistentSubscriptionConfig', 'any', [event])).text).toMatch(
      /^ok/,
    );
  }
  client.close();
  expect(await node.end('SIGKILL')).toBe('SIGKILL');
  node = await forkEventNode(dataDir);
  client = connectAlone(node.port);
});
