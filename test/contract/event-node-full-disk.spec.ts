// A disk that is full, for real: a small file system in memory, which only root may mount. Goal:
// nothing is acknowledged that is not kept, reads go on, and with room again everything works.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forkEventNode } from '../support/event-node-process.js';
import {
  append,
  connect,
  counted,
  idOf,
  onStream,
  readAll,
  type StreamsClient,
} from '../support/event-node-wire.js';

const DISK_BYTES = 4 * 1024 * 1024;
const BALLAST_BYTES = 1024 * 1024;
const DATA = 'x'.repeat(20_000);
const EVENTS = 5;
const COUNT_MAX = 1_000_000;

const disk = mkdtempSync(join(tmpdir(), 'daybook-node-full-disk-'));
const isMounted = mounted();
afterAll(() => {
  if (isMounted) execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true });
});

function mounted(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', disk], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

const events = (from: number) =>
  Array.from({ length: EVENTS }, (_, i) => ({ id: idOf(`full ${from + i}`), data: DATA }));
const expectedAt = (from: number) => (from === 0 ? 'no_stream' : BigInt(from - 1));

/** Appends until that is refused; how many events there are then. */
async function fillUp(client: StreamsClient, from: number): Promise<number> {
  for (let next = from; ; next += EVENTS) {
    const { text } = await append(client, 's', expectedAt(next), events(next));
    if (text === `ok ${next + EVENTS - 1}`) continue;
    expect(text).toBe('UNAVAILABLE: Server Is Not Ready');
    return next;
  }
}

const storedIn = async (client: StreamsClient) =>
  (await readAll(client, onStream('s', 'start'), counted(COUNT_MAX, false))).slice(0, -1);
const numbered = (count: number) => Array.from({ length: count }, (_, n) => `s/${n}`);

const onSmallDisk = isMounted ? it : it.skip;
onSmallDisk(
  'keeps what it acknowledged when its disk is full, and goes on with room again',
  async () => {
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, Buffer.alloc(BALLAST_BYTES));
    const dataDir = join(disk, 'data');
    const first = await forkEventNode(dataDir);
    const writer = connect(first.port);
    const acknowledged = await fillUp(writer, 0);
    expect(acknowledged).toBeGreaterThan(EVENTS);
    expect(await storedIn(writer)).toEqual(numbered(acknowledged));
    expect((await append(writer, 'other', 'any', events(0).slice(0, 1))).text).toMatch(
      /^UNAVAILABLE/,
    );
    writer.close();
    expect(await first.end('SIGKILL')).toBe('SIGKILL');

    // The disk is still full.
    const second = await forkEventNode(dataDir);
    const reader = connect(second.port);
    expect(await storedIn(reader)).toEqual(numbered(acknowledged));
    expect(await fillUp(reader, acknowledged)).toBeGreaterThanOrEqual(acknowledged);
    const kept = (await storedIn(reader)).length;
    reader.close();
    expect(await second.end('SIGTERM')).toBe(0);

    rmSync(ballast);
    const third = await forkEventNode(dataDir);
    const again = connect(third.port);
    expect(await storedIn(again)).toEqual(numbered(kept));
    const resent = await append(again, 's', expectedAt(kept), events(kept));
    expect(resent.text).toBe(`ok ${kept + EVENTS - 1}`);
    again.close();
    expect(await third.end('SIGTERM')).toBe(0);
  },
);
