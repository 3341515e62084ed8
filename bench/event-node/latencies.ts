// How long one append takes, beside what it is made of, and how soon a live subscription hears of it.
import { percentile } from '../report.js';
import { type TaskResult } from './client/task.js';
import { type Figure } from './figure.js';
import { type BenchNode } from './node-process.js';

const MEDIAN = 50;
const RATIO_MAX = 1.5;
const LIVE_MS_MAX = 2;

/** @param folder on the disk that the node writes to. */
export async function measureLatencies(
  node: BenchNode,
  { folder, rounds }: { folder: string; rounds: number },
): Promise<Figure[]> {
  const oneAtATime = { kind: 'one at a time', folder, rounds } as const;
  const live = { kind: 'live', rounds } as const;
  for (const task of [oneAtATime, live]) await node.run(task);
  const single = p50sOf(await node.run(oneAtATime));
  const [afterAcknowledgement, afterSending] = p50sOf(await node.run(live));
  const [append = NaN, call = NaN, write = NaN] = single.map(({ value }) => value);
  return [
    ...single,
    {
      name: 'append / (durable write + empty call)',
      value: append / (write + call),
      unit: 'share',
      atMost: RATIO_MAX,
    },
    ...(afterAcknowledgement ? [{ ...afterAcknowledgement, atMost: LIVE_MS_MAX }] : []),
    ...(afterSending ? [afterSending] : []),
  ];
}

function p50sOf({ timesMs }: TaskResult): Figure[] {
  return Object.entries(timesMs).map(([name, times]) => ({
    name: `${name}, p50`,
    value: percentile(times, MEDIAN),
    unit: 'ms',
  }));
}
