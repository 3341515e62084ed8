// What an acknowledgement of the event node is worth. Goal: whatever stops the node or its disk, every
// acknowledged event is there once and in order, and an append that was not acknowledged is there as
// a whole or not at all. Method: writers that know what they were told, a node that is killed under
// them, and a comparison of the log with what they know.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  append,
  connect,
  counted,
  idOf,
  onStream,
  openRead,
  readRequest,
  type StreamsClient,
} from '../support/event-node-wire.js';
import {
  abandonEventNode,
  forkEventNode,
  spawnLimitedEventNode,
  type NodeProcess,
} from '../support/event-node-process.js';

const APPEND_EVENTS_MAX = 20;
const DATA = JSON.stringify({ text: 'x'.repeat(300) });

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-node-durability-'));
  folders.push(folder);
  return folder;
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

const running: NodeProcess[] = [];
async function start(dataDir: string): Promise<{ node: NodeProcess; client: StreamsClient }> {
  const node = await forkEventNode(dataDir);
  running.push(node);
  return { node, client: connect(node.port) };
}
afterEach(() => Promise.all(running.splice(0).map((node) => node.end('SIGKILL'))));

/** One stream, and what its writer knows of it. */
interface Writer {
  stream: string;
  /** Ids of events that were acknowledged, in order. */
  acknowledged: string[];
  /** Ids of the append whose answer did not come. */
  unknown: string[];
}

/** Appends one after the other at the exact revision until an answer does not come. */
async function writeUntilCut(client: StreamsClient, writer: Writer): Promise<void> {
  for (;;) {
    const from = writer.acknowledged.length;
    const size = 1 + (from % APPEND_EVENTS_MAX);
    const ids = Array.from({ length: size }, (_, i) => idOf(`${writer.stream}/${from + i}`));
    const expected = from === 0 ? 'no_stream' : BigInt(from - 1);
    const events = ids.map((id) => ({ id, data: DATA }));
    const { text } = await append(client, writer.stream, expected, events);
    if (text !== `ok ${from + size - 1}`) {
      expect(text).toMatch(/^UNAVAILABLE/);
      writer.unknown = ids;
      return;
    }
    writer.acknowledged.push(...ids);
  }
}

async function idsIn(client: StreamsClient, stream: string): Promise<string[]> {
  const request = readRequest((options) => {
    onStream(stream, 'start')(options);
    counted(1_000_000, false)(options);
  });
  const reading = openRead(client, request);
  await reading.whole();
  return reading.replies.flatMap(
    (reply) => reply.getEvent()?.getEvent()?.getId()?.getString() ?? [],
  );
}

describe('an event node that is killed', () => {
  it('knows after a restart what was sent before, if it is sent again at the same revision', async () => {
    const dataDir = newFolder();
    const first = await start(dataDir);
    const events = ['a', 'b', 'c'].map((label) => ({ id: idOf(label) }));
    const written = await append(first.client, 's', 'no_stream', events);
    expect(await first.node.end('SIGKILL')).toBe('SIGKILL');
    first.client.close();
    const second = await start(dataDir);
    expect(await append(second.client, 's', 'no_stream', events)).toEqual(written);
    expect(await idsIn(second.client, 's')).toHaveLength(3);
    second.client.close();
  });
});

describe('an event node whose disk is full', () => {
  it('acknowledges nothing that it does not keep, and goes on reading', async () => {
    const dataDir = newFolder();
    const node = await spawnLimitedEventNode(dataDir, 2048);
    running.push(node);
    const client = connect(node.port);
    const writer: Writer = { stream: 's', acknowledged: [], unknown: [] };
    await writeUntilCut(client, writer);
    const again = await append(client, 's', 'any', [{ id: idOf('again') }]);
    expect(again.text).toBe('UNAVAILABLE: Server Is Not Ready');
    expect(writer.acknowledged.length).toBeGreaterThan(APPEND_EVENTS_MAX);
    expect(await idsIn(client, 's')).toEqual(writer.acknowledged);
    client.close();
    expect(await node.end('SIGTERM')).toBe(0);

    const after = await start(dataDir);
    expect(await idsIn(after.client, 's')).toEqual(writer.acknowledged);
    const resent = writer.unknown.map((id) => ({ id, data: DATA }));
    const expected = BigInt(writer.acknowledged.length - 1);
    expect((await append(after.client, 's', expected, resent)).text).toMatch(/^ok/);
    after.client.close();
  }, 60_000);
});

describe('the process of an event node', () => {
  it('refuses a folder that another process uses, in one line, and leaves that one alone', async () => {
    const dataDir = newFolder();
    const { client } = await start(dataDir);
    await append(client, 's', 'any', [{ id: idOf('one') }]);
    await expect(forkEventNode(dataDir)).rejects.toThrow(
      /^data folder .* is in use by process \d+; [^\n]*$/,
    );
    expect((await append(client, 's', 0n, [{ id: idOf('two') }])).text).toBe('ok 1');
    client.close();
  });

  it('takes over the folder of a process that was killed', async () => {
    const dataDir = newFolder();
    const first = await start(dataDir);
    first.client.close();
    expect(await first.node.end('SIGKILL')).toBe('SIGKILL');
    const second = await start(dataDir);
    expect((await append(second.client, 's', 'any', [{ id: idOf('x') }])).text).toBe('ok 0');
    second.client.close();
  });

  it.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])('stops on %s', async (signal) => {
    const { node, client } = await start(newFolder());
    client.close();
    expect(await node.end(signal)).toBe(0);
  });

  it('stops when the process that started it is gone', async () => {
    const { node, client } = await start(newFolder());
    client.close();
    node.child.disconnect();
    expect(await node.exited).toBe(0);
  });

  it('stops when the process that started it is gone before it is ready', async () => {
    const dataDir = newFolder();
    expect(await abandonEventNode(dataDir)).toBe(0);
    const { client } = await start(dataDir);
    client.close();
  });
});
