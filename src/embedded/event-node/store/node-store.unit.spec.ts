// What only a caller inside the process can do to the store: ask for a write in the very turn in
// which the last one is answered.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EMPTY } from '../protobuf.js';
import { newUuid } from '../uuid.js';
import { openNodeStore } from './node-store.js';

it('an append right after another one is written too', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'daybook-node-store-'));
  const instanceId = newUuid();
  const store = await openNodeStore({ dataDir, instanceId, isDurable: false, onFailure: () => {} });
  const event = { id: Buffer.alloc(16, 1), type: 'T', isJson: true, data: EMPTY, metadata: EMPTY };
  const write = (stream: string) => store.append({ stream, expected: 'any', events: [event] });
  await write('a');
  await write('b');
  expect((await write('c')).kind).toBe('success');
  await store.close();
  rmSync(dataDir, { recursive: true });
});
