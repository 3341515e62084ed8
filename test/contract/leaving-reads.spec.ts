// Reads that are left before their end, against a server in a process of its own: the end of the call
// then arrives when nobody listens any more, and closing must not wait for it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { NO_STREAM } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { type NodeProcess, forkEventNode } from '../support/event-node-process.js';
import { collect, newEvent } from './event-store.contract.js';

const ROUNDS = 20;
const ARRIVAL_MAX_MS = 50;
const LAST = { from: 'end', direction: 'backwards', limit: 1 } as const;

let folder: string;
let node: NodeProcess;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-leaving-'));
  node = await forkEventNode(folder);
  url = `esdb://127.0.0.1:${node.port}?tls=false`;
});
afterAll(async () => {
  await node.end('SIGTERM');
  rmSync(folder, { recursive: true });
});

it('closes wherever a read was left', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const store = eventStoreDb(url, pino({ level: 'silent' }));
    await store.append(`stream-${round}`, NO_STREAM, [newEvent(), newEvent()]);
    await collect(store.readStream(`stream-${round}`, LAST), 1);
    await store.isReachable();
    // The end of both calls arrives sooner or later than the close: every order must do.
    await delay((ARRIVAL_MAX_MS * round) / ROUNDS);
    await expect(store.close()).resolves.toBeUndefined();
  }
}, 60_000);
