// A copy of a log, taken while the node that writes it runs. It is made beside its place, and gets
// its name only when it is whole and on disk.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Failure } from '../../../platform/failure.js';
import { DATA_FILE } from './log-file.js';
import { openLogSnapshot } from './log-snapshot.js';
import { LOG_FOLDER } from './tables.js';

/** A copy has the hashes of passwords in it. */
const OWNER_ONLY = 0o700;

/** Bytes of the copy; rejects with a Failure if there is something in its place, or no log to copy. */
export async function backUpLog(dataDir: string, target: string): Promise<number> {
  const place = resolve(target);
  if (existsSync(place)) {
    throw new Failure(
      'refused',
      `${place} is there already: give a folder that is not, for a copy`,
    );
  }
  const snapshot = await openLogSnapshot(dataDir);
  const draft = `${place}.${process.pid}.draft`;
  try {
    const folder = join(draft, LOG_FOLDER);
    mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
    await snapshot.copyTo(folder);
    const file = join(folder, DATA_FILE);
    for (const path of [file, folder, draft]) flush(path);
    renameSync(draft, place);
    flush(dirname(place));
    return statSync(join(place, LOG_FOLDER, DATA_FILE)).size;
  } finally {
    rmSync(draft, { recursive: true, force: true });
    await snapshot.close();
  }
}

function flush(path: string): void {
  const descriptor = openSync(path, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
