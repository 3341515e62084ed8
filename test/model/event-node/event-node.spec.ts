// The event node against a model of its streams: random histories of appends with few ids, deletes,
// tombstones, metadata, reads, subscriptions and restarts, answer by answer. fast-check prints the
// seed of a history that fails, and shrinks it. More of them: DAYBOOK_MODEL_RUNS=1000.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { startEventNode, type EventNode } from '../../../src/embedded/event-node/start.js';
import { connect, type StreamsClient } from '../../support/event-node-wire.js';
import { moves, type Move } from './moves.js';
import { Play } from './play.js';

const RUNS = Number(process.env['DAYBOOK_MODEL_RUNS'] ?? 60);

const TIME_LIMIT_MS = RUNS * 1000;

const dataDir = mkdtempSync(join(tmpdir(), 'daybook-node-model-'));
let node: EventNode;
let client: StreamsClient;
const start = async () => {
  node = await startEventNode({ dataDir });
  client = connect(node.port);
};
const stop = async () => {
  client.close();
  await node.stop();
};

beforeAll(start);
afterAll(async () => {
  await stop();
  rmSync(dataDir, { recursive: true });
});

let played = 0;
async function playAll(history: Move[]): Promise<void> {
  const play = new Play(`m${played++}-`, client);
  await play.begin();
  for (const move of history) {
    if (move.do !== 'restart') {
      await play.do(move);
      continue;
    }
    await play.endSubscriptions();
    await stop();
    await start();
    play.restarted(client);
  }
  await play.end();
}

it(
  'says in every history what the model says',
  async () => {
    await fc.assert(fc.asyncProperty(moves, playAll), {
      numRuns: RUNS,
      // Time enough to tell what failed, should it shrink for long.
      interruptAfterTimeLimit: TIME_LIMIT_MS,
    });
  },
  2 * TIME_LIMIT_MS,
);
