// Drawing by lot, from a seed: the same seed gives the same draws.
import { randomNumbers } from '../support/random-numbers.js';

export interface Weighted {
  readonly weight: number;
}

export interface Draws {
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** One of the entries, each as often as its weight says. */
  weighted<T extends Weighted>(entries: readonly T[]): T;
  /** One of the items, the first most often: the n-th one n times as seldom (Zipf's law). */
  zipf<T>(items: readonly T[]): T;
}

export function drawsFrom(seed: number): Draws {
  const random = randomNumbers(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const weighted = <T extends Weighted>(entries: readonly T[]): T => {
    const total = entries.reduce((sum, { weight }) => sum + weight, 0);
    let left = random() * total;
    return existing(entries.find(({ weight }) => (left -= weight) < 0) ?? entries.at(-1));
  };
  return {
    below,
    chance: (probability) => random() < probability,
    pick: (items) => existing(items[below(items.length)]),
    weighted,
    zipf: (items) => weighted(items.map((item, rank) => ({ item, weight: 1 / (rank + 1) }))).item,
  };
}

function existing<T>(item: T | undefined): T {
  if (item === undefined) throw new RangeError('There is nothing to draw from.');
  return item;
}
