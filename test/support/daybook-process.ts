// Daybook as its users run it: the built command, as processes of its own on a data folder.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { readRuntime, type Runtime } from '../../src/platform/runtime-file.js';
import { type StoreUrls } from './projector.js';
import { TEST_SECRET } from './tokens.js';

export const COMMAND = 'dist/src/cli/main.js';

export interface Run {
  readonly process: ChildProcess;
  /** How it ended: its exit code, or the signal. */
  readonly ended: Promise<number | string>;
  /** What it has written so far. */
  readonly out: () => string;
  readonly err: () => string;
}

/** A script of dist with settings of its own and nothing else from this environment. */
export function run(
  script: string,
  words: readonly string[],
  settings: Readonly<Record<string, string>>,
): Run {
  const child = spawn(process.execPath, [script, ...words], {
    env: { PATH: process.env['PATH'], ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (written.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.err += chunk.toString()));
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return { process: child, ended, out: () => written.out, err: () => written.err };
}

/** The command on these stores. */
export function runOn(stores: StoreUrls, ...words: string[]): Run {
  return run(COMMAND, words, {
    EVENTSTORE_URL: stores.eventStoreUrl,
    DATABASE_URL: stores.databaseUrl,
    JWT_SECRET: TEST_SECRET,
  });
}

/** How it ended, and all that it wrote. */
export async function finished(it: Run) {
  return { code: await it.ended, out: it.out(), err: it.err() };
}

/** Resolves once `condition` holds of what a process has written; rejects when it ends without. */
export function once(it: Run, condition: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => (condition() ? resolve() : undefined);
    it.process.stdout?.on('data', look);
    it.process.stderr?.on('data', look);
    void it.ended.then((how) => {
      look();
      reject(new Error(`ended with ${how}: ${it.out()}${it.err()}`));
    });
    look();
  });
}

/** What runs on the folder, from its runtime file. Throws when nothing does. */
export function runtimeOf(folder: string): Runtime {
  const running = readRuntime(folder);
  if (running === undefined) throw new Error(`Nothing runs on ${folder}.`);
  return running;
}

/** Processes that `daybook up` starts, by their command lines. */
export const PROCESSES = {
  api: / api $/,
  projector: / projector $/,
  eventNode: /event-node\/main\.js/,
  postgresHost: /embedded\/postgres\/main\.js/,
  postgres: /bin\/postgres /,
} as const;

/** Every process below this one, with its command line. */
export function descendants(ancestor: Run): Map<number, string> {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(all.map((pid) => [Number(pid), parentOf(pid)]));
  const below = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === ancestor.process.pid || below(parent));
  };
  const found = [...parents.keys()].filter(below);
  return new Map(
    found.map((pid) => [pid, readIfItStillIs(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ') ?? '']),
  );
}

/** The process below this one with such a command line. Throws when there is none. */
export function pidBelow(ancestor: Run, commandLine: RegExp): number {
  const [found] = [...descendants(ancestor)].find(([, line]) => commandLine.test(line)) ?? [];
  if (found === undefined) throw new Error(`No process matches ${commandLine}.`);
  return found;
}

function parentOf(pid: string): number | undefined {
  const stat = readIfItStillIs(`/proc/${pid}/stat`);
  return stat === undefined
    ? undefined
    : Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]);
}

function readIfItStillIs(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
