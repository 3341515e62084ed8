// Which accounts the next transfer is between. Seeded: whoever is measured gets the same sequence.
import { type Spread } from './task.js';

const SEED = 20_260_101;
const TWO_TO_32 = 2 ** 32;

/** Address of an account by its number; those who open the accounts call them the same. */
export function addressAt(account: number): string {
  return `customers:${String(account).padStart(7, '0')}:wallet`;
}

/** Picks two different accounts, by their numbers. */
export function pairsOf({ accounts, choice }: Spread): () => [debit: number, credit: number] {
  const random = randomFrom(SEED);
  const pick = choice === 'zipf' ? zipf(accounts, random) : () => Math.floor(random() * accounts);
  const other = (than: number) => {
    const picked = pick();
    return picked === than ? (picked + 1) % accounts : picked;
  };
  if (choice !== 'hot') {
    return () => {
      const debit = pick();
      return [debit, other(debit)];
    };
  }
  // The hot one is debited and credited in turn.
  let isDebited = false;
  return () => {
    isDebited = !isDebited;
    const account = other(0);
    return isDebited ? [0, account] : [account, 0];
  };
}

/** Numbers from 0 to below 1; good enough to spread a load. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / TWO_TO_32;
  };
}

function zipf(count: number, random: () => number): () => number {
  const cumulative = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank += 1) {
    sum += 1 / (rank + 1);
    cumulative[rank] = sum;
  }
  return () => {
    const wanted = random() * sum;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
