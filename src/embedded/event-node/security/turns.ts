// Work that takes turns: some pieces at a time, and some more that wait.
import { tooBusy } from '../errors.js';

export interface TurnLimits {
  atATime: number;
  waitingMax: number;
}

export interface Turns {
  /** What `work` comes to; rejects with UNAVAILABLE if too many wait already. */
  take<T>(work: () => Promise<T>): Promise<T>;
}

export function createTurns({ atATime, waitingMax }: TurnLimits): Turns {
  let working = 0;
  const waiting: (() => void)[] = [];
  return {
    take: async (work) => {
      if (working < atATime) working += 1;
      else if (waiting.length >= waitingMax) throw tooBusy();
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else working -= 1;
      }
    },
  };
}
