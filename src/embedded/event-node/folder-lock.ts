// One process per data folder. Each process holds a reader's place in a small LMDB environment of
// its own; the kernel lets go of the place when the process dies, however it dies. Whoever finds
// another process there gives up, so of two that start at once at most one goes on.
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { open } from 'lmdb';
import { Failure } from '../../platform/failure.js';
import { checkFile, DATA_FILE } from './store/log-file.js';

export interface FolderLock {
  release(): Promise<void>;
}

/** Folders locked by this process itself, which LMDB would let it open twice. */
const lockedHere = new Set<string>();

/** Throws an Error whose message can be shown as it is, if the folder is in use or cannot be held. */
export async function lockFolder(dataDir: string): Promise<FolderLock> {
  const folder = resolve(dataDir);
  if (lockedHere.has(folder)) throw inUse(folder, process.pid);
  const path = join(folder, 'owner');
  prepare(path);
  lockedHere.add(folder);
  const environment = open({ path });
  const place = environment.useReadTransaction();
  environment.readerCheck();
  const release = async () => {
    place.done();
    await environment.close();
    lockedHere.delete(folder);
  };
  const other = processesIn(environment.readerList()).find((pid) => pid !== process.pid);
  if (other !== undefined) {
    await release();
    throw inUse(folder, other);
  }
  return { release };
}

/** The environment holds nothing, and is begun anew if it is empty. */
function prepare(path: string): void {
  const file = join(path, DATA_FILE);
  try {
    mkdirSync(path, { recursive: true });
    if (existsSync(file) && statSync(file).size > 0) checkFile(file);
  } catch (error) {
    throw new Failure(
      'infrastructure',
      `${path} cannot be used: delete it while no node runs on this folder`,
      { cause: error },
    );
  }
}

/** The list is a table with a header line; each further line begins with a process id. */
function processesIn(readerList: string): number[] {
  return [...readerList.matchAll(/^\s*(\d+)\s/gm)].map((match) => Number(match[1]));
}

const inUse = (folder: string, pid: number) =>
  new Error(`data folder ${folder} is in use by process ${pid}; stop that process or use another`);
