// What the node uses of the CPU for each event, as a share of what the official client uses for it.
// By CPU time of the processes, since others use the machine too.
import { median } from '../report.js';
import { type AppendPath, type Task } from './client/task.js';
import { type Figure } from './figure.js';
import { type BenchNode, type MeasuredTask } from './node-process.js';

export interface Extent {
  readonly rounds: number;
  readonly seconds: number;
}

interface Kind {
  readonly name: string;
  readonly task: (seconds: number) => Task;
  readonly shareMax: number;
}

const MICROSECONDS_PER_MS = 1_000;
const READ_EVENTS = 20_000;
const STREAMS = 100;

const appends = (path: AppendPath, events: number, inFlight: number) => (seconds: number) =>
  ({ kind: 'append', path, events, inFlight, streams: STREAMS, seconds }) as const;

const KINDS: readonly Kind[] = [
  { name: 'appends of 500, unary', task: appends('unary', 500, 1), shareMax: 0.5 },
  { name: 'appends of 500, batch', task: appends('batch', 500, 1), shareMax: 0.5 },
  { name: '64 appends in flight, unary', task: appends('unary', 1, 64), shareMax: 0.35 },
  { name: '64 appends in flight, batch', task: appends('batch', 1, 64), shareMax: 0.35 },
  {
    name: 'reading $all',
    task: (seconds) => ({ kind: 'read all', events: READ_EVENTS, seconds }),
    shareMax: 0.7,
  },
];

/** All kinds in turn, round after round; the first only warms up. Medians over the others. */
export async function measureShares(
  node: BenchNode,
  { rounds, seconds }: Extent,
): Promise<Figure[]> {
  const all = new Map<Kind, MeasuredTask[]>(KINDS.map((kind) => [kind, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [kind, runs] of all) {
      const run = await node.run(kind.task(seconds));
      if (round > 0) runs.push(run);
    }
  }
  return [...all].flatMap(([kind, runs]) => figuresOf(kind, runs));
}

function figuresOf({ name, shareMax }: Kind, runs: readonly MeasuredTask[]): Figure[] {
  const over = (of: (run: MeasuredTask) => number) => median(runs.map(of));
  const perEvent = (run: MeasuredTask, ms: number) => (ms * MICROSECONDS_PER_MS) / run.events;
  return [
    {
      name: `${name}: node/client`,
      value: over((run) => run.nodeCpuMs / run.cpuMs),
      unit: 'share of CPU',
      atMost: shareMax,
    },
    { name: '  node', value: over((run) => perEvent(run, run.nodeCpuMs)), unit: 'µs/event' },
    { name: '  client', value: over((run) => perEvent(run, run.cpuMs)), unit: 'µs/event' },
    { name: '  rate', value: over((run) => run.events / run.seconds), unit: 'events/s' },
  ];
}
