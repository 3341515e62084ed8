// Stores that another version of the event node wrote: an older one is opened, a newer one is not.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { startEventNode } from '../../src/embedded/event-node/start.js';
import { append, connect, idOf } from '../support/event-node-wire.js';

const dataDir = mkdtempSync(join(tmpdir(), 'daybook-node-format-'));
afterAll(() => rmSync(dataDir, { recursive: true }));

/** Writes one event; what the append was answered. */
async function writeTo(folder: string): Promise<string> {
  const node = await startEventNode({ dataDir: folder });
  const client = connect(node.port);
  const { text } = await append(client, 's', 'any', [{ id: idOf(String(Math.random())) }]);
  client.close();
  await node.stop();
  return text;
}

async function setFormat(version: number | undefined): Promise<void> {
  const root = open({ path: join(dataDir, 'log') });
  const about = root.openDB<Buffer, string>({ name: 'about', encoding: 'binary' });
  const mark = Buffer.alloc(4);
  mark.writeUInt32BE(version ?? 0);
  if (version === undefined) await about.remove('format');
  else await about.put('format', mark);
  await root.close();
}

it('opens a store from before there was a mark, and refuses one from a later version', async () => {
  expect(await writeTo(dataDir)).toBe('ok 0');
  await setFormat(undefined);
  expect(await writeTo(dataDir)).toBe('ok 1');
  await setFormat(4);
  await expect(writeTo(dataDir)).rejects.toThrow(
    /was written by a later version \(format 4, this one knows 3\); use that version, or another data folder$/,
  );
  await setFormat(3);
  expect(await writeTo(dataDir)).toBe('ok 2');
});
