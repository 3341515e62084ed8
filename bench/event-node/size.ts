// What a log of many events needs: to start, to be read from end to end, to be written to, verified
// and copied. Appends are measured in turn on it and on an empty one.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runVerb } from '../command-line.js';
import { median } from '../report.js';
import { type Figure } from './figure.js';
import { startBenchNode, type BenchNode } from './node-process.js';
import { type Extent } from './shares.js';

const START_MS_MAX = 1_000;
const MEMORY_MB_MAX = 400;
const APPEND_RATIO_MIN = 0.85;
const LOOK_EVERY_MS = 200;
const DATA_FILE = join('log', 'data.mdb');

export async function measureSize(
  folder: string,
  events: number,
  extent: Extent,
): Promise<Figure[]> {
  const [large, empty] = [join(folder, 'large'), join(folder, 'empty')];
  await fill(large, events);
  const bytes = statSync(join(large, DATA_FILE)).size;
  const node = await startBenchNode(large);
  const emptyNode = await startBenchNode(empty);
  try {
    return [
      { name: 'on the disk', value: bytes / events, unit: 'bytes/event' },
      { name: 'start-up', value: node.process.startMs, unit: 'ms', atMost: START_MS_MAX },
      { name: 'start-up, empty', value: emptyNode.process.startMs, unit: 'ms' },
      ...(await readToTheEnd(node)),
      ...(await appendSpeeds({ large: node, empty: emptyNode }, extent)),
      ...(await verbs(folder, large)),
    ];
  } finally {
    await Promise.all([node.stop(), emptyNode.stop()]);
  }
}

async function fill(dataDir: string, events: number): Promise<void> {
  const path = fileURLToPath(new URL('./fill.js', import.meta.url));
  const [code] = (await once(fork(path, [String(events), dataDir]), 'exit')) as [number | null];
  if (code !== 0) throw new Error(`filling the log ended with ${code}`);
}

/** Its memory at most, meanwhile: all that is resident, and what of it is its own. */
async function readToTheEnd(node: BenchNode): Promise<Figure[]> {
  let ownMb = 0;
  const looking = setInterval(() => {
    ownMb = Math.max(ownMb, node.process.used()?.ownMemoryMb ?? NaN);
  }, LOOK_EVERY_MS);
  const { events, seconds } = await node.run({ kind: 'drain all' });
  clearInterval(looking);
  const residentMb = node.process.used()?.memoryMostMb ?? NaN;
  return [
    { name: 'read from end to end', value: events / seconds, unit: 'events/s' },
    { name: '  its own memory, at most', value: ownMb, unit: 'MB', atMost: MEMORY_MB_MAX },
    { name: '  resident, pages of the file too', value: residentMb, unit: 'MB' },
  ];
}

async function appendSpeeds(
  nodes: { large: BenchNode; empty: BenchNode },
  { rounds, seconds }: Extent,
): Promise<Figure[]> {
  const task = { kind: 'append', path: 'unary', events: 500, inFlight: 2, streams: 100 } as const;
  const ratios: number[] = [];
  const rates: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const rate: Record<string, number> = {};
    for (const [name, node] of Object.entries(nodes)) {
      const { events, seconds: took } = await node.run({ ...task, seconds });
      rate[name] = events / took;
    }
    if (round === 0) continue;
    ratios.push((rate['large'] ?? NaN) / (rate['empty'] ?? NaN));
    rates.push(rate['large'] ?? NaN);
  }
  return [
    { name: 'appends of 500', value: median(rates), unit: 'events/s' },
    {
      name: '  beside those on an empty log',
      value: median(ratios),
      unit: 'share',
      atLeast: APPEND_RATIO_MIN,
    },
  ];
}

async function verbs(folder: string, dataDir: string): Promise<Figure[]> {
  const told: Figure[] = [];
  for (const [name, words] of [
    ['verify', ['eventstore', 'verify', dataDir]],
    ['backup', ['eventstore', 'backup', join(folder, 'copy'), '--data', dataDir]],
  ] as const) {
    const { ms, memoryMb } = await runVerb(words);
    told.push({ name: `daybook eventstore ${name}`, value: ms / 1_000, unit: 's' });
    told.push({ name: '  memory at most', value: memoryMb, unit: 'MB' });
  }
  return told;
}
