// `<data folder>/runtime.json`: who supervises this data folder, and where its stores answer.
// It is both the lock that keeps a second supervisor out and the way other commands find the
// stores. A file left behind by a killed supervisor is recognised and replaced.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.js';
import { identify, stillRuns, type ProcessIdentity } from './process-identity.js';
import { createPrivateFile, readIfPresent, writePrivateFile } from './private-file.js';

/** Connection strings of the two stores. */
export interface Stores {
  eventStoreUrl: string;
  databaseUrl: string;
}

/** What runs on a data folder. The addresses are there once the stores answer. */
export interface Runtime {
  supervisor: ProcessIdentity;
  stores?: Stores;
  apiUrl?: string;
}

const CLAIM_ATTEMPTS = 5;

/** What runs now, or undefined when nothing does. */
export function readRuntime(dataFolder: string): Runtime | undefined {
  const text = readIfPresent(pathIn(dataFolder));
  const runtime = text === undefined ? undefined : (JSON.parse(text) as Runtime);
  return runtime && stillRuns(runtime.supervisor) ? runtime : undefined;
}

/** Makes this process the supervisor of the folder. Throws a Failure when another one is. */
export function claimDataFolder(dataFolder: string): ProcessIdentity {
  const supervisor = identify(process.pid);
  if (supervisor === undefined) throw new Error('This process could not find itself.');
  const path = pathIn(dataFolder);
  for (let attempt = 0; attempt < CLAIM_ATTEMPTS; attempt += 1) {
    if (createPrivateFile(path, JSON.stringify({ supervisor } satisfies Runtime))) {
      return supervisor;
    }
    const running = readRuntime(dataFolder);
    if (running !== undefined) throw alreadyRunning(dataFolder, running);
    rmSync(path, { force: true });
  }
  throw new Error(`${path} could not be claimed: another process keeps writing it.`);
}

/** Tells other commands what runs; only for the supervisor that claimed the folder. */
export function publishRuntime(dataFolder: string, runtime: Runtime): void {
  writePrivateFile(pathIn(dataFolder), JSON.stringify(runtime, null, 2) + '\n');
}

/** Gives the folder up; only for the supervisor that claimed it. */
export function releaseDataFolder(dataFolder: string): void {
  rmSync(pathIn(dataFolder), { force: true });
}

function alreadyRunning(dataFolder: string, { supervisor, apiUrl }: Runtime): Failure {
  const where = apiUrl === undefined ? '' : ` at ${apiUrl}`;
  return new Failure(
    'refused',
    `Daybook already runs on ${dataFolder}${where} (process ${supervisor.pid}): ` +
      'stop it first, or set DAYBOOK_DATA to another folder.',
  );
}

function pathIn(dataFolder: string): string {
  return join(dataFolder, 'runtime.json');
}
