// Copies of a log, and what is said of a log that is not whole.
import { cpSync, mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { open } from 'lmdb';
import { startEventNode } from '../../src/embedded/event-node/start.js';
import { indexKey } from '../../src/embedded/event-node/store/keys.js';
import { openLogSnapshot } from '../../src/embedded/event-node/store/log-snapshot.js';
import { ENCODING, openTables } from '../../src/embedded/event-node/store/tables.js';
import { verifyLog } from '../../src/embedded/event-node/store/verify-log.js';
import { COMMAND, finished, run } from '../support/daybook-process.js';
import { forkEventNode } from '../support/event-node-process.js';

const WRITERS = 4;
const EVENTS_BEFORE_COPY = 300;
const DATA = { text: 'x'.repeat(300) };

const folder = mkdtempSync(join(tmpdir(), 'daybook-node-backup-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

/** `daybook eventstore` with these words. */
const eventstore = (...words: string[]) => finished(run(COMMAND, ['eventstore', ...words], {}));

/** Every event of a node: where it is, its stream, revision and id. */
async function everything(url: string): Promise<string[]> {
  const client = EventStoreDBClient.connectionString(url);
  const found: string[] = [];
  for await (const { event } of client.readAll()) {
    found.push(`${event?.position.commit} ${event?.streamId}/${event?.revision} ${event?.id}`);
  }
  await client.dispose();
  return found;
}

async function contentOf(dataDir: string): Promise<string[]> {
  const node = await startEventNode({ dataDir });
  const content = await everything(node.url);
  await node.stop();
  return content;
}

/** A small log with a deleted and a tombstoned stream. */
async function makeLog(dataDir: string): Promise<void> {
  const node = await startEventNode({ dataDir });
  const client = EventStoreDBClient.connectionString(node.url);
  const events = Array.from({ length: 5 }, () => jsonEvent({ type: 'T', data: DATA }));
  for (const stream of ['kept', 'deleted', 'tombstoned']) {
    await client.appendToStream(stream, events);
  }
  await client.deleteStream('deleted');
  await client.tombstoneStream('tombstoned');
  await client.appendToStream('empty', []);
  await client.dispose();
  await node.stop();
}

/** Changes a log behind the back of its node. */
async function damage(dataDir: string, change: (tables: ReturnType<typeof openTables>) => void) {
  const root = open({ path: join(dataDir, 'log'), ...ENCODING });
  const tables = openTables(root);
  root.transactionSync(() => change(tables));
  await root.close();
}

describe('a copy', () => {
  it('taken under load holds what was acknowledged before, and nothing by halves', async () => {
    const dataDir = at('busy');
    const node = await forkEventNode(dataDir);
    const url = `esdb://127.0.0.1:${node.port}?tls=false`;
    const client = EventStoreDBClient.connectionString(url);
    let written = 0;
    let stopped = false;
    const write = async (stream: string) => {
      while (!stopped) {
        const pair = [1, 2].map((n) => jsonEvent({ type: `Part${n}`, data: DATA }));
        await client.appendToStream(stream, pair);
        written += pair.length;
      }
    };
    const writers = Array.from({ length: WRITERS }, (_, n) => write(`writer-${n}`));
    while (written < EVENTS_BEFORE_COPY) await new Promise((resolve) => setImmediate(resolve));
    const acknowledged = await everything(url);

    const copying = await eventstore('backup', at('copy'), '--data', dataDir);
    expect(copying).toMatchObject({
      code: 0,
      out: expect.stringContaining('is a copy of') as string,
    });
    const verdicts = [await eventstore('verify', at('copy')), await eventstore('verify', dataDir)];
    stopped = true;
    await Promise.all(writers);
    await client.dispose();
    expect(verdicts.map(({ code }) => code)).toEqual([0, 0]);

    const original = await everything(url);
    await node.end('SIGTERM');
    const copied = await contentOf(at('copy'));
    expect(copied.slice(0, acknowledged.length)).toEqual(acknowledged);
    expect(original.slice(0, copied.length)).toEqual(copied);
    // The events of the node's own come in front; after them there are only pairs.
    const pairs = copied.filter((event) => event.includes('writer-'));
    expect(pairs.length % 2).toBe(0);
  });

  it('goes on as a log of its own', async () => {
    await makeLog(at('first'));
    const copying = await eventstore('backup', at('second'), '--data', at('first'));
    expect(copying.code).toBe(0);
    const node = await startEventNode({ dataDir: at('second') });
    const client = EventStoreDBClient.connectionString(node.url);
    const next = await client.appendToStream('kept', jsonEvent({ type: 'T', data: DATA }));
    expect(next.nextExpectedRevision).toBe(5n);
    await client.dispose();
    await node.stop();
    expect(await contentOf(at('second'))).toHaveLength((await contentOf(at('first'))).length + 1);
  });

  it('replaces nothing, and leaves nothing half done', async () => {
    await makeLog(at('source'));
    const twice = [
      await eventstore('backup', at('once'), '--data', at('source')),
      await eventstore('backup', at('once'), '--data', at('source')),
    ];
    expect(twice.map(({ code }) => code)).toEqual([0, 3]);
    const nothing = await eventstore('backup', at('none'), '--data', at('nowhere'));
    expect(nothing).toMatchObject({
      code: 2,
      err: expect.stringContaining('no event log') as string,
    });
    const unsaid = await eventstore('backup', at('none'));
    expect(unsaid).toMatchObject({ code: 2, err: expect.stringContaining('--data') as string });
    expect(readdirSync(folder).filter((name) => /draft|none/.test(name))).toEqual([]);
  });
});

describe('a log that is not whole', () => {
  beforeAll(() => makeLog(at('whole')));
  let copies = 0;
  async function damaged(change: Parameters<typeof damage>[1]): Promise<string> {
    const copy = at(`damaged-${++copies}`);
    cpSync(at('whole'), copy, { recursive: true });
    await damage(copy, change);
    return copy;
  }
  const verdictOn = async (dataDir: string) => {
    const { code, out, err } = await eventstore('verify', dataDir);
    return `${code} ${out}${err}`;
  };
  const findingsIn = async (dataDir: string) => {
    const snapshot = await openLogSnapshot(dataDir);
    const { findings } = verifyLog(snapshot, { onProgress: () => {} });
    await snapshot.close();
    return findings.join('\n');
  };

  it('has its damage told', async () => {
    expect(await verdictOn(at('whole'))).toMatch(/^0 .* is whole: \d+ events of \d+ streams/);
    const missing = await damaged(({ log }) => {
      const [second] = [...log.getKeys({ start: Buffer.alloc(6, 0), offset: 5, limit: 1 })];
      if (second) log.removeSync(second);
    });
    expect(await verdictOn(missing)).toMatch(
      /^1 [^]* is damaged: [^]*does not begin where the last/,
    );
    expect(await findingsIn(missing)).toMatch(/has no record at/);

    const unindexed = await damaged(({ index, heads }) => {
      for (const { value } of heads.getRange({ limit: 1 })) {
        index.removeSync(Buffer.concat([value.subarray(0, 6), indexKey(0, 0).subarray(6)]));
      }
    });
    expect(await findingsIn(unindexed)).toMatch(/is not found as event 0 of stream/);

    const beheaded = await damaged(({ heads }) => {
      for (const { key, value } of heads.getRange({ limit: 1 })) {
        const ahead = Buffer.from(value);
        ahead.writeUIntBE(77, 6, 6);
        heads.putSync(key, ahead);
      }
    });
    expect(await findingsIn(beheaded)).toMatch(/does not end with event 77/);

    const scrambled = await damaged(({ log }) => {
      for (const { key, value } of log.getRange({ limit: 1 })) {
        log.putSync(
          key,
          Buffer.concat([value.subarray(0, 17), Buffer.alloc(value.length - 17, 255)]),
        );
      }
    });
    expect(await findingsIn(scrambled)).toMatch(/record 1 cannot be decoded/);
  });

  it('is not read beyond where its file was cut', async () => {
    const cut = await damaged(() => undefined);
    truncateSync(join(cut, 'log', 'data.mdb'), 12_288);
    expect(await verdictOn(cut)).toMatch(/^4 .*is cut: it has 12288 bytes and should have/);
  });

  it('is refused by all when a later version wrote it', async () => {
    const later = await damaged(({ about }) => {
      about.putSync(Buffer.from('format'), Buffer.from([0, 0, 0, 99]));
    });
    const said = 'was written by a later version (format 99';
    expect(await verdictOn(later)).toMatch(/^3 .*was written by a later version \(format 99/);
    expect(await eventstore('backup', at('no'), '--data', later)).toMatchObject({
      code: 3,
      err: expect.stringContaining(said) as string,
    });
    await expect(startEventNode({ dataDir: later })).rejects.toThrow(said);
  });
});
