// A Daybook to work with: the one that runs already, or one started for the example and stopped after it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../src/platform/failure.js';
import { databaseUrl, eventStoreUrl, loadConfig } from '../../src/platform/service-config.js';

const COMMAND_LINE = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

export interface RunningDaybook {
  readonly eventStoreUrl: string;
  readonly databaseUrl: string;
  /** Runs `daybook <words>` on it, its output on ours, and returns the exit code. Ends it with the signal. */
  run(words: readonly string[], signal: AbortSignal): Promise<number>;
  /** Stops what was started for us, and nothing else. */
  stop(): Promise<void>;
}

/** @param say told in one line when a Daybook has to be started. */
export async function runningDaybook(say: (line: string) => void): Promise<RunningDaybook> {
  const stores = storesThatRun();
  if (stores) return { ...stores, run, stop: () => Promise.resolve() };
  const isTemporary = process.env['DAYBOOK_DATA'] === undefined;
  const folder = process.env['DAYBOOK_DATA'] ?? mkdtempSync(join(tmpdir(), 'daybook-berka-'));
  say(
    `Daybook is not running: starting one on ${folder}${isTemporary ? ', for this run only' : ''}`,
  );
  Object.assign(process.env, { DAYBOOK_DATA: folder, PORT: '0', DAYBOOK_DEMO: 'off' });
  const child = spawn(process.execPath, [COMMAND_LINE, 'up', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Ctrl-C is for the example, which then stops it in order.
    detached: true,
  });
  const stop = async (): Promise<void> => {
    await ended(child);
    if (isTemporary) rmSync(folder, { recursive: true, force: true });
  };
  try {
    await readiness(child);
    const started = storesThatRun();
    if (!started) throw new Failure('infrastructure', `Daybook does not run on ${folder}.`);
    return { ...started, run, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function storesThatRun(): { eventStoreUrl: string; databaseUrl: string } | undefined {
  const config = loadConfig();
  try {
    return { eventStoreUrl: eventStoreUrl(config), databaseUrl: databaseUrl(config) };
  } catch (error) {
    if (error instanceof Failure && error.kind === 'infrastructure') return undefined;
    throw error;
  }
}

async function run(words: readonly string[], signal: AbortSignal): Promise<number> {
  const child = spawn(process.execPath, [COMMAND_LINE, ...words], { stdio: 'inherit', signal });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

// Its first line says that it is ready; when it cannot start, it has said why by itself and ends.
async function readiness(child: ChildProcess): Promise<void> {
  const { stdout } = child;
  if (!stdout) throw new Error('the output of Daybook is not read');
  const [line] = (await Promise.race([
    once(createInterface({ input: stdout }), 'line'),
    once(child, 'exit').then(() => []),
  ])) as [string?];
  if (line !== undefined) return;
  throw new Failure('infrastructure', 'Daybook could not be started.');
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}
