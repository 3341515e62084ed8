// `<data folder>/runtime.json`: who supervises this data folder, and where its stores answer.
// It is both the lock that keeps a second supervisor out and the way other commands find the
// stores. A file left behind by a killed supervisor is recognised and replaced.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { identify, stillRuns, type ProcessIdentity } from './process-identity.js';
import { createPrivateFile, readIfPresent, writePrivateFile } from './private-file.js';

/** What runs on a data folder. The addresses are there once the stores answer. */
export interface Runtime {
  supervisor: ProcessIdentity;
  stores?: { eventStoreUrl: string; databaseUrl: string };
  apiUrl?: string;
}

const CLAIM_ATTEMPTS = 5;

/** Another supervisor runs on the data folder. */
export class DataFolderInUse extends Error {
  override name = 'DataFolderInUse';
  constructor(readonly supervisor: ProcessIdentity) {
    super(`Daybook already runs on this data folder, as process ${supervisor.pid}.`);
  }
}

/** What runs now, or undefined when nothing does. */
export function readRuntime(dataFolder: string): Runtime | undefined {
  const text = readIfPresent(pathIn(dataFolder));
  const runtime = text === undefined ? undefined : (JSON.parse(text) as Runtime);
  return runtime && stillRuns(runtime.supervisor) ? runtime : undefined;
}

/** Makes this process the supervisor of the folder. Throws DataFolderInUse. */
export function claimDataFolder(dataFolder: string): ProcessIdentity {
  const supervisor = identify(process.pid);
  if (supervisor === undefined) throw new Error('This process could not find itself.');
  const path = pathIn(dataFolder);
  for (let attempt = 0; attempt < CLAIM_ATTEMPTS; attempt += 1) {
    if (createPrivateFile(path, JSON.stringify({ supervisor } satisfies Runtime))) {
      return supervisor;
    }
    const running = readRuntime(dataFolder);
    if (running !== undefined) throw new DataFolderInUse(running.supervisor);
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

function pathIn(dataFolder: string): string {
  return join(dataFolder, 'runtime.json');
}
