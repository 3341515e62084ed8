// Waiting times between attempts: twice as long each time, never beyond a limit, and jittered so that
// processes which failed together do not come back together.
import { randomInt } from 'node:crypto';

export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

const DOUBLINGS_MAX = 30;

/** Milliseconds to wait after attempt number `attempt` (from 0): between half and all of the doubled time. */
export function backoffMs(attempt: number, { firstMs, maxMs }: Backoff): number {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(attempt, DOUBLINGS_MAX));
  const half = Math.ceil(full / 2);
  return half + randomInt(0, full - half + 1);
}
