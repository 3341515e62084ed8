// How long to wait before trying again: exponential, bounded, and spread by jitter so that many
// clients of one server that came back do not knock all at once.
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** Bounds of a backoff, both in milliseconds. */
export interface BackoffBounds {
  /** The longest wait after the first failure. */
  baseMs: number;
  /** The longest wait ever. */
  maxMs: number;
}

/** For connections to stores: quick at first, then a knock every ten seconds at most. */
export const RECONNECT_BACKOFF: BackoffBounds = { baseMs: 100, maxMs: 10_000 };

const JITTER_STEPS = 1_000_000;
/** Beyond this power of two every sensible bound is reached, and the product would overflow. */
const EXPONENT_MAX = 40;

/**
 * The wait after `failures` failures in a row, in milliseconds: between half of the exponential
 * value and all of it, never above `maxMs`.
 * @param failures 1 after the first failure.
 * @param jitter from 0 to 1; random when left out.
 */
export function backoffDelayMs(
  failures: number,
  { baseMs, maxMs }: BackoffBounds,
  jitter: number = randomInt(JITTER_STEPS) / JITTER_STEPS,
): number {
  const exponent = Math.min(Math.max(failures - 1, 0), EXPONENT_MAX);
  const ceilingMs = Math.min(baseMs * 2 ** exponent, maxMs);
  return Math.round(ceilingMs * (0.5 + 0.5 * jitter));
}

/** Waits as `backoffDelayMs` says; ends early, without an error, once `signal` is aborted. */
export async function backoff(
  failures: number,
  bounds: BackoffBounds,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await sleep(backoffDelayMs(failures, bounds), undefined, signal && { signal });
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
