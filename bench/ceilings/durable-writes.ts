// How often a second the disk takes 1 kB and makes it durable.
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { percentile } from '../report.js';
import { type CeilingRun } from './ceiling.js';

const WRITE_BYTES = 1_000;

/** One after the other, to a file in `folder` that goes away again. */
export function measureDurableWrites(folder: string, seconds: number): CeilingRun {
  const path = join(folder, 'durable-writes');
  const file = openSync(path, 'w');
  const bytes = Buffer.alloc(WRITE_BYTES, 'x');
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  let at = startedAt;
  while (at - startedAt < seconds * 1_000) {
    writeSync(file, bytes);
    fdatasyncSync(file);
    const now = performance.now();
    latenciesMs.push(now - at);
    at = now;
  }
  closeSync(file);
  rmSync(path);
  return {
    perSecond: (latenciesMs.length * 1_000) / (at - startedAt),
    latencyMs: { p50: percentile(latenciesMs, 50), p99: percentile(latenciesMs, 99) },
  };
}
