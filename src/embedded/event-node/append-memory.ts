// What appends take in memory that were begun and are not complete yet, all calls together. What is
// complete waits in the queue of commits, which has a limit of its own.
import { tooBusy } from './errors.js';

export interface AppendMemory {
  /** Throws UNAVAILABLE if there is no room. */
  take(bytes: number): void;
  giveBack(bytes: number): void;
}

const BEGUN_BYTES_MAX = 128 * 1024 * 1024;

export function createAppendMemory(): AppendMemory {
  let taken = 0;
  return {
    take: (bytes) => {
      if (taken + bytes > BEGUN_BYTES_MAX) throw tooBusy();
      taken += bytes;
    },
    giveBack: (bytes) => {
      taken -= bytes;
    },
  };
}
