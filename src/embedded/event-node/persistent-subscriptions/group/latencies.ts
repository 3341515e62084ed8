// How long a consumer took for its last messages, from sending to acknowledgement.

const LATENCIES_MAX = 1000;

export interface Latencies {
  add(milliseconds: number): void;
  /** Whole milliseconds by the names that the protocol gives them; none before the first. */
  measurements(): [name: string, milliseconds: number][];
}

const QUANTILES: [name: string, share: number][] = [
  ['Fastest', 0],
  ['Quintile 1', 0.2],
  ['Quintile 2', 0.4],
  ['Quintile 3', 0.6],
  ['Quintile 4', 0.8],
  ['Quintile 5', 1],
  ['90%', 0.9],
  ['95%', 0.95],
  ['99%', 0.99],
  ['99.5%', 0.995],
  ['99.9%', 0.999],
  ['Highest', 1],
];

export function createLatencies(): Latencies {
  const last: number[] = [];
  let count = 0;
  return {
    add: (milliseconds) => {
      last[count % LATENCIES_MAX] = milliseconds;
      count += 1;
    },
    measurements: () => {
      if (last.length === 0) return [];
      const sorted = [...last].sort((a, b) => a - b);
      const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
      const mean = last.reduce((sum, value) => sum + value, 0) / last.length;
      return [
        ['Mean', Math.round(mean)],
        ['Median', at(0.5)],
        ...QUANTILES.map(([name, share]): [string, number] => [name, at(share)]),
      ];
    },
  };
}
