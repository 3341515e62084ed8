// A store whose files were cut, overwritten or mixed up. Goal: a node serves all that was acknowledged,
// or says which file is wrong and what to do; it never serves anything else than was written. Method:
// copies of one store, each damaged in its own way, opened by a node in a process of its own.
import {
  cpSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { startEventNode } from '../../src/embedded/event-node/start.js';
import { openLogSnapshot } from '../../src/embedded/event-node/store/log-snapshot.js';
import { verifyLog } from '../../src/embedded/event-node/store/verify-log.js';
import { forkEventNode } from '../support/event-node-process.js';
import {
  append,
  connect,
  counted,
  idOf,
  onAll,
  onStream,
  openRead,
  readRequest,
  type StreamsClient,
} from '../support/event-node-wire.js';

const STREAMS = 3;
const APPENDS = 8;
const EVENTS_PER_APPEND = 10;
const PAGE_BYTES = 4096;
const COUNT_MAX = 1_000_000;
/** What events carry, and where a byte of it is turned. */
const NEEDLE = 'the needle';
const TURNED_BIT = 0x20;

const folder = mkdtempSync(join(tmpdir(), 'daybook-node-damage-'));
const whole = join(folder, 'whole');
const fileIn = (dataDir: string, name: string) => join(dataDir, 'log', name);
let size = 0;
let written: string[] = [];

async function eventsOf(
  client: StreamsClient,
  from: (options: Parameters<ReturnType<typeof onAll>>[0]) => void,
): Promise<string[]> {
  const request = readRequest((options) => {
    from(options);
    counted(COUNT_MAX, false)(options);
  });
  const reading = openRead(client, request);
  const messages = await reading.whole();
  const error = messages.find((message) => /^[A-Z_]+:/.test(message));
  if (error !== undefined) throw new Error(error);
  return reading.replies.flatMap((reply) => {
    const event = reply.getEvent()?.getEvent();
    if (!event) return [];
    const id = event.getId()?.getString();
    const data = Buffer.from(event.getData_asU8()).toString();
    const stream = Buffer.from(event.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
    return [`${stream}/${event.getStreamRevision()} ${id} ${data}`];
  });
}

async function contentOf(client: StreamsClient): Promise<string[]> {
  const content = await eventsOf(client, onAll('start'));
  for (let n = 0; n < STREAMS; n++) {
    content.push(...(await eventsOf(client, onStream(`s${n}`, 'start'))));
  }
  return content;
}

beforeAll(async () => {
  const node = await forkEventNode(whole);
  const client = connect(node.port);
  for (let n = 0; n < APPENDS; n++) {
    const ids = Array.from({ length: EVENTS_PER_APPEND }, (_, i) => idOf(`${n}/${i}`));
    const events = ids.map((id, i) => ({ id, data: `${NEEDLE} ${n}/${i} ${'x'.repeat(300)}` }));
    const { text } = await append(client, `s${n % STREAMS}`, 'any', events);
    expect(text).toMatch(/^ok/);
  }
  written = await contentOf(client);
  client.close();
  await node.end('SIGKILL');
  size = readFileSync(fileIn(whole, 'data.mdb')).length;
});
afterAll(() => rmSync(folder, { recursive: true }));

let copies = 0;
function damaged(damage: (dataDir: string, file: string) => void): string {
  const copy = join(folder, `copy-${++copies}`);
  cpSync(whole, copy, { recursive: true });
  damage(copy, fileIn(copy, 'data.mdb'));
  return copy;
}

/** What a node serves from a folder: everything, or why it does not. */
async function served(dataDir: string): Promise<string[] | string> {
  const starting = await forkEventNode(dataDir).catch((error: Error) => error);
  if (starting instanceof Error) return starting.message;
  const client = connect(starting.port);
  const content = await contentOf(client).catch((error: Error) => error.message);
  client.close();
  await starting.end('SIGKILL');
  return content;
}

function overwrite(file: string, position: number, bytes: Buffer): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, bytes, 0, bytes.length, position);
  closeSync(descriptor);
}

const zeroed = (page: number) => (_: string, file: string) =>
  overwrite(file, page * PAGE_BYTES, Buffer.alloc(PAGE_BYTES));

describe('a store that is complete', () => {
  it.each<[string, (dataDir: string) => void]>([
    ['without its lock file', (dataDir) => rmSync(fileIn(dataDir, 'lock.mdb'))],
    ['with another lock file', (dataDir) => writeFileSync(fileIn(dataDir, 'lock.mdb'), 'x')],
    [
      'without what tells its owner',
      (dataDir) => rmSync(join(dataDir, 'owner'), { recursive: true }),
    ],
  ])('%s is served whole', async (_what, damage) => {
    expect(await served(damaged(damage))).toEqual(written);
  });
});

describe('a store that is not', () => {
  const advice = 'put a copy of the log in its place';
  it.each<[string, (dataDir: string, file: string) => void, string]>([
    ['cut to nothing', (_, file) => truncateSync(file, 0), 'data.mdb is empty'],
    ['cut to a byte', (_, file) => truncateSync(file, 1), 'data.mdb is no event log'],
    ['cut to a page', (_, file) => truncateSync(file, PAGE_BYTES), 'data.mdb is no event log'],
    ['cut to two pages', (_, file) => truncateSync(file, 2 * PAGE_BYTES), 'data.mdb is cut'],
    ['cut in half', (_, file) => truncateSync(file, Math.floor(size / 2)), 'data.mdb is cut'],
    ['cut by a byte', (_, file) => truncateSync(file, size - 1), 'data.mdb is cut'],
    ['without the first root page', zeroed(0), 'data.mdb is no event log'],
    ['without the second root page', zeroed(1), 'data.mdb is no event log'],
    ['of text', (_, file) => writeFileSync(file, 'text '.repeat(size)), 'data.mdb is no event log'],
    ['gone', (_, file) => rmSync(file), 'data.mdb is missing'],
  ])('%s is refused', async (_what, damage, said) => {
    const told = await served(damaged(damage));
    expect(told).toContain(said);
    expect(told).toContain(advice);
  });

  it('is refused if it is that of another program, or a folder', async () => {
    const foreign = damaged((dataDir) => {
      rmSync(join(dataDir, 'log'), { recursive: true });
      const other = open({ path: join(dataDir, 'log') });
      other.putSync('settings', 'x');
      void other.close();
    });
    expect(await served(foreign)).toContain("is no event log: it holds 'settings'");
    const folderThere = damaged((_, file) => {
      rmSync(file);
      mkdirSync(file);
    });
    expect(await served(folderThere)).toMatch(/data\.mdb cannot be read: EISDIR/);
    const noOwner = damaged((dataDir) => writeFileSync(join(dataDir, 'owner', 'data.mdb'), 'x'));
    expect(await served(noOwner)).toMatch(/owner cannot be used: delete it while no node runs/);
  });
});

describe('an event of which one bit was turned', () => {
  const findingsIn = async (dataDir: string) => {
    const snapshot = await openLogSnapshot(dataDir);
    const { findings } = verifyLog(snapshot, { onProgress: () => {} });
    await snapshot.close();
    return findings.join('\n');
  };
  const turned = (offset: number) =>
    damaged((_, file) => {
      const bytes = readFileSync(file);
      // Of the copies that the file has, by copy-on-write, all are damaged.
      for (let at = bytes.indexOf(NEEDLE); at !== -1; at = bytes.indexOf(NEEDLE, at + 1)) {
        bytes.writeUInt8(bytes.readUInt8(at + offset) ^ TURNED_BIT, at + offset);
      }
      writeFileSync(file, bytes);
    });

  it('is neither served nor taken for whole', async () => {
    const dataDir = turned(0);
    expect(await findingsIn(whole)).toBe('');
    expect(await findingsIn(dataDir)).toMatch(/record \d+ cannot be decoded/);
    expect(await served(dataDir)).toMatch(
      /^DATA_LOSS: The log is damaged: the record at position \d+ is not what was written\. Stop/,
    );
  });

  it('does not keep others from being read, nor new ones from being written', async () => {
    const node = await startEventNode({ dataDir: turned(0) });
    const client = connect(node.port);
    const more = await append(client, 'new', 'any', [{ id: idOf('more'), data: 'x' }]);
    expect(more.text).toBe('ok 0');
    expect(await eventsOf(client, onStream('new', 'start'))).toEqual([`new/0 ${idOf('more')} x`]);
    client.close();
    await node.stop();
  });
});
