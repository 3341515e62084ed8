// A node for tests of other people: in memory, emptied between tests; and their example.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  EventStoreDBClient,
  jsonEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from '@eventstore/db-client';
import { startEventNode } from '../../src/embedded/event-node/start.js';

const anEvent = () => jsonEvent({ type: 'T', data: {} });

/** Names of the streams that users of a node wrote. */
async function streamsOf(client: EventStoreDBClient): Promise<string[]> {
  const names = new Set<string>();
  for await (const { event } of client.readAll()) {
    if (event && !event.streamId.startsWith('$')) names.add(event.streamId);
  }
  return [...names];
}

describe('a node in memory', () => {
  it('is empty again after a reset, for the same client at the same address', async () => {
    const node = await startEventNode({ inMemory: true });
    const client = EventStoreDBClient.connectionString(node.url);
    await client.appendToStream('s', [anEvent(), anEvent()]);
    await client.createPersistentSubscriptionToStream(
      's',
      'g',
      persistentSubscriptionToStreamSettingsFromDefaults(),
    );
    const subscription = client.subscribeToStream('s', { fromRevision: START });
    const ended = new Promise<string>((resolve) =>
      subscription.on('error', (error) => resolve((error as { type?: string }).type ?? '')),
    );
    subscription.on('data', () => undefined);
    await new Promise<void>((resolve) => subscription.once('caughtUp', () => resolve()));

    await node.reset();
    expect(await ended).toBe('unavailable');
    expect(await streamsOf(client)).toEqual([]);
    await expect(client.listAllPersistentSubscriptions()).resolves.toEqual([]);
    const { nextExpectedRevision } = await client.appendToStream('s', anEvent());
    expect(nextExpectedRevision).toBe(0n);
    await Promise.all([node.reset(), node.reset()]);
    expect(await streamsOf(client)).toEqual([]);
    await client.dispose();
    await node.stop();
  });

  it('is the only kind that can be emptied', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'daybook-node-memory-'));
    const node = await startEventNode({ dataDir });
    await expect(node.reset()).rejects.toThrow('only a node in memory');
    await node.stop();
    expect(existsSync(join(dataDir, 'log'))).toBe(true);
    rmSync(dataDir, { recursive: true });
  });
});

it('the example of its page runs as it is printed', async () => {
  const page = readFileSync(join('docs', 'event-node.md'), 'utf8');
  const [, example = ''] = /^```js\n(.*?)^```$/ms.exec(page) ?? [];
  // Inside the package, so that its own name leads to it.
  const folder = mkdtempSync(join(process.cwd(), 'dist', 'example-'));
  const file = join(folder, 'example.test.mjs');
  writeFileSync(file, example);
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', file], {
    env: { PATH: process.env['PATH'] },
  });
  rmSync(folder, { recursive: true });
  expect(stdout).toMatch(/pass 2\b/);
});
