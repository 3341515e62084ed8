// HalfSipHash-1-3: a short hash for tables, under a secret key. Whoever chooses what is hashed, but does
// not know the key, cannot find inputs that fall together more often than chance has it.

/** Two secret 32-bit numbers. */
export type HashKey = readonly [number, number];

const FINAL_ROUNDS = 3;

/** Hashes `count` words of `words` from `from` on, as their bytes from the least significant one. */
export function halfSipHash(
  words: Uint32Array,
  from: number,
  count: number,
  [key0, key1]: HashKey,
): number {
  let v0 = key0;
  let v1 = key1;
  let v2 = 0x6c796765 ^ key0;
  let v3 = 0x74656462 ^ key1;
  for (let round = 0; round <= count + FINAL_ROUNDS; round += 1) {
    if (round === count + 1) v2 ^= 0xff;
    const word = wordOfRound(words, from, count, round);
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  return (v1 ^ v3) >>> 0;
}

// After the input comes its length in bytes; the rounds at the end take no input.
function wordOfRound(words: Uint32Array, from: number, count: number, round: number): number {
  if (round < count) return words[from + round] ?? 0;
  return round === count ? (count * 4) << 24 : 0;
}
