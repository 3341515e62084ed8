// The event node, killed under load. Goal: every acknowledged event is there once, in order and as it
// was sent, and an append without an answer as a whole or not at all; sent again it has one outcome.
// Method: many connections that append in every way there is, kills at moments drawn by lot, and after
// each restart a look at what is stored. More of them: DAYBOOK_TEST_KILLS=100.
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLogSnapshot } from '../../src/embedded/event-node/store/log-snapshot.js';
import { verifyLog } from '../../src/embedded/event-node/store/verify-log.js';
import { forkEventNode, type NodeProcess } from '../support/event-node-process.js';
import {
  append,
  connectAlone,
  counted,
  idOf,
  onAll,
  onStream,
  openBatch,
  openRead,
  readRequest,
  type Expected,
  type StreamsClient,
} from '../support/event-node-wire.js';

const KILLS = Number(process.env['DAYBOOK_TEST_KILLS'] ?? 10);
const ANSWERS_BEFORE_KILL = { min: 20, max: 120 };
const TIME_LIMIT_MS = 60_000 + KILLS * 20_000;
const COUNT_MAX = 10_000_000;
const PADDING = 'x'.repeat(200);

/** How a writer appends: in calls of their own, or on one long call with several under way. */
interface Way {
  name: string;
  call: 'unary' | 'batch';
  /** Events of one append, at most. */
  eventsMax: number;
  underWay: number;
  /** In two messages instead of one. */
  chunked?: boolean;
  /** Says which revision it expects; else an append cannot be sent again after a restart. */
  expects: boolean;
}

const WAYS: Way[] = [
  { name: 'single', call: 'unary', eventsMax: 1, underWay: 1, expects: true },
  { name: 'group', call: 'unary', eventsMax: 20, underWay: 1, expects: true },
  { name: 'anyhow', call: 'unary', eventsMax: 5, underWay: 1, expects: false },
  { name: 'batch-single', call: 'batch', eventsMax: 1, underWay: 8, expects: true },
  { name: 'batch-group', call: 'batch', eventsMax: 40, underWay: 4, expects: true },
  { name: 'batch-chunks', call: 'batch', eventsMax: 10, underWay: 2, chunked: true, expects: true },
];
const WRITERS_PER_WAY = 2;

/** One stream, and what its writer knows of it: its events follow from their revisions. */
interface Writer {
  stream: string;
  way: Way;
  /** How many events were acknowledged. */
  acknowledged: number;
  /** Sizes of the appends, one after the other, whose answers did not come. */
  unknown: number[];
  /** Everything before this revision was looked at. */
  lookedAt: number;
}

const textOf = (stream: string, revision: number) => `${stream}/${revision} ${PADDING}`;

function eventsFrom({ stream }: Writer, from: number, size: number) {
  return Array.from({ length: size }, (_, i) => ({
    id: idOf(`${stream}/${from + i}`),
    data: textOf(stream, from + i),
  }));
}

const expectedAt = ({ way }: Writer, from: number): Expected =>
  !way.expects ? 'any' : from === 0 ? 'no_stream' : BigInt(from - 1);

const sizeAt = ({ way }: Writer, from: number) => 1 + (from % way.eventsMax);

/** Appends until no answer comes any more. */
async function writeUntilCut(port: number, writer: Writer, onAnswer: () => void): Promise<void> {
  const client = connectAlone(port);
  if (writer.way.call === 'unary') await writeOneByOne(client, writer, onAnswer);
  else await writeOnOneCall(client, writer, onAnswer);
  client.close();
}

async function writeOneByOne(client: StreamsClient, writer: Writer, onAnswer: () => void) {
  for (;;) {
    const from = writer.acknowledged;
    const size = sizeAt(writer, from);
    const events = eventsFrom(writer, from, size);
    const { text } = await append(client, writer.stream, expectedAt(writer, from), events);
    if (text !== `ok ${from + size - 1}`) {
      expect(text).toMatch(/^(UNAVAILABLE|CANCELLED)/);
      writer.unknown = [size];
      return;
    }
    writer.acknowledged += size;
    onAnswer();
  }
}

async function writeOnOneCall(client: StreamsClient, writer: Writer, onAnswer: () => void) {
  const batch = openBatch(client);
  const sent: number[] = [];
  let next = writer.acknowledged;
  const send = () => {
    const { stream, way } = writer;
    const size = sizeAt(writer, next);
    const events = eventsFrom(writer, next, size);
    const chunk = { id: `${stream}/${next}`, stream, expected: expectedAt(writer, next) };
    const cut = way.chunked ? Math.ceil(size / 2) : size;
    if (way.chunked) batch.send({ ...chunk, events: events.slice(0, cut) });
    const rest = way.chunked ? events.slice(cut) : events;
    batch.send({ ...chunk, options: !way.chunked, events: rest, final: true });
    next += size;
    sent.push(size);
  };
  for (let answered = 0; ; answered++) {
    while (sent.length < writer.way.underWay) send();
    await batch.count(answered + 1);
    const reply = batch.replies[answered];
    if (reply === undefined) {
      expect(await batch.ended()).toMatch(/^(UNAVAILABLE|CANCELLED)/);
      writer.unknown = sent;
      return;
    }
    writer.acknowledged += sent.shift() ?? 0;
    expect(reply).toBe(`${writer.stream} ok ${writer.acknowledged - 1}`);
    onAnswer();
  }
}

interface Stored {
  stream: string;
  revision: number;
  id: string | undefined;
  data: string;
}

async function eventsIn(
  client: StreamsClient,
  from: Parameters<typeof readRequest>[0],
): Promise<Stored[]> {
  const request = readRequest((options) => {
    from(options);
    counted(COUNT_MAX, false)(options);
  });
  const reading = openRead(client, request);
  await reading.whole();
  return reading.replies.flatMap((reply) => {
    const event = reply.getEvent()?.getEvent();
    if (!event) return [];
    return {
      stream: Buffer.from(event.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString(),
      revision: Number(event.getStreamRevision()),
      id: event.getId()?.getString(),
      data: Buffer.from(event.getData_asU8()).toString(),
    };
  });
}

const asSent = (stream: string, revision: number): Stored => ({
  stream,
  revision,
  id: idOf(`${stream}/${revision}`),
  data: textOf(stream, revision),
});

/** What is stored of a writer follows on what he was told, and ends where an append of his ends. */
async function lookAt(client: StreamsClient, writer: Writer): Promise<void> {
  const { stream, lookedAt } = writer;
  const stored = await eventsIn(client, onStream(stream, lookedAt));
  expect(stored).toEqual(stored.map((_, i) => asSent(stream, lookedAt + i)));
  const ends = [writer.acknowledged];
  for (const size of writer.unknown) ends.push((ends.at(-1) ?? 0) + size);
  const end = lookedAt + stored.length;
  expect(ends).toContain(end);
  writer.lookedAt = end;
}

/** Sends again what had no answer; who cannot goes by what is stored. */
async function settle(client: StreamsClient, writer: Writer): Promise<void> {
  for (const size of writer.unknown.splice(0)) {
    const from = writer.acknowledged;
    if (!writer.way.expects) {
      writer.acknowledged = writer.lookedAt;
      return;
    }
    const events = eventsFrom(writer, from, size);
    const { text } = await append(client, writer.stream, expectedAt(writer, from), events);
    expect(text).toBe(`ok ${from + size - 1}`);
    writer.acknowledged += size;
  }
}

const dataDir = mkdtempSync(join(tmpdir(), 'daybook-node-kills-'));
let node: NodeProcess | undefined;
afterAll(async () => {
  await node?.end('SIGKILL');
  rmSync(dataDir, { recursive: true });
});

/** Lets all writers write, and kills the node at some moment. */
async function writeAndKill(running: NodeProcess, writers: Writer[]): Promise<void> {
  const { min, max } = ANSWERS_BEFORE_KILL;
  let left = randomInt(min, max);
  const onAnswer = () => {
    if (--left === 0) running.child.kill('SIGKILL');
  };
  await Promise.all(writers.map((writer) => writeUntilCut(running.port, writer, onAnswer)));
  expect(await running.exited).toBe('SIGKILL');
}

it(
  `keeps what it acknowledged, killed ${KILLS} times`,
  async () => {
    const writers = WAYS.flatMap((way) =>
      Array.from({ length: WRITERS_PER_WAY }, (_, n): Writer => {
        return { stream: `${way.name}-${n}`, way, acknowledged: 0, unknown: [], lookedAt: 0 };
      }),
    );
    for (let kill = 0; kill <= KILLS; kill++) {
      node = await forkEventNode(dataDir);
      const client = connectAlone(node.port);
      for (const writer of writers) {
        await lookAt(client, writer);
        await settle(client, writer);
      }
      if (kill < KILLS) await writeAndKill(node, writers);
      else await lookAtAll(client, writers);
      client.close();
    }
    expect(await node?.end('SIGTERM')).toBe(0);
    const snapshot = await openLogSnapshot(dataDir);
    expect(verifyLog(snapshot, { onProgress: () => {} }).findings).toEqual([]);
    await snapshot.close();
  },
  TIME_LIMIT_MS,
);

/** Everything there is, once more from the beginning. */
async function lookAtAll(client: StreamsClient, writers: Writer[]): Promise<void> {
  const all = await eventsIn(client, onAll('start'));
  for (const { stream, acknowledged } of writers) {
    const own = all.filter((event) => event.stream === stream);
    expect(own).toEqual(own.map((_, revision) => asSent(stream, revision)));
    expect(own).toHaveLength(acknowledged);
    expect(acknowledged).toBeGreaterThan(0);
  }
}
