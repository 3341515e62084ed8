// Ids of requests that are decided once.
import { type Draws } from '../draws.js';
import { type Memory } from '../memory.js';
import { type Identified } from '../requests.js';

const KEY_CHANCE = 0.2;

/** One that was never used. */
export function idFor(draws: Draws, memory: Memory): Identified {
  return { id: memory.fresh(), idAsKey: draws.chance(KEY_CHANCE) };
}
