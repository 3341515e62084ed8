// A verb of the command line as operators run it: how long it takes, and what memory it needs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { usedBy } from './process-usage.js';

const LOOK_EVERY_MS = 100;

interface VerbRun {
  readonly ms: number;
  /** At most, resident; NaN where the system does not tell. */
  readonly memoryMb: number;
}

/** Throws with what it said when it does not exit with 0. */
export async function runVerb(
  words: readonly string[],
  settings: NodeJS.ProcessEnv = {},
): Promise<VerbRun> {
  const startedAt = performance.now();
  const path = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
  const child = spawn(process.execPath, [path, ...words, '--json'], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: Buffer[] = [];
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (chunk: Buffer) => said.push(chunk));
  }
  let memoryMb = NaN;
  const looking = setInterval(() => {
    memoryMb = usedBy(child.pid ?? 0)?.memoryMostMb ?? memoryMb;
  }, LOOK_EVERY_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(looking);
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${said.join('')}`);
  return { ms: performance.now() - startedAt, memoryMb };
}
