// Runs a load in a process of its own, and watches what other processes take meanwhile.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { cpuTimesOf } from '../process-usage.js';
import { type LoadMessage, type LoadResult, type LoadTask } from './task.js';

export interface LoadRun {
  readonly result: LoadResult;
  /** Cores that each of the watched processes took while the load ran, and the load itself. */
  readonly cores: Readonly<Record<string, number>>;
  /** By performance.now(). */
  readonly endedAt: number;
}

/** @param watched processes by what they are called. */
export function runLoad(
  task: LoadTask,
  watched: Readonly<Record<string, number>> = {},
): Promise<LoadRun> {
  const child = fork(fileURLToPath(new URL('./main.js', import.meta.url)));
  let before: Record<string, number> = {};
  let after: Record<string, number> = {};
  let endedAt = NaN;
  return new Promise((resolve, reject) => {
    child.on('message', (message: LoadMessage) => {
      switch (message.type) {
        case 'begins':
          before = cpuTimesOf(watched);
          break;
        case 'ended':
          after = cpuTimesOf(watched);
          endedAt = performance.now();
          break;
        case 'result': {
          const { result } = message;
          const coresOf = (name: string): [string, number] => [
            name,
            ((after[name] ?? NaN) - (before[name] ?? NaN)) / 1_000 / result.seconds,
          ];
          const cores = Object.fromEntries(Object.keys(watched).map(coresOf));
          resolve({ result, cores: { ...cores, load: result.cores }, endedAt });
        }
      }
    });
    child.once('exit', (code) => reject(new Error(`the load ended with ${code}`)));
    child.send(task);
  });
}
