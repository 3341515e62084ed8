// Files in the data folder that only their owner may read, written so that a reader never sees
// half of one.
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from './failure.js';

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;
const SECRET_BYTES = 32;

/** Creates the folder, readable by its owner only, unless it exists. */
export function makePrivateFolder(folder: string): void {
  writing(folder, () => mkdirSync(folder, { recursive: true, mode: OWNER_ONLY_FOLDER }));
}

/** The text of a file, or undefined when there is none. */
export function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Replaces a file as a whole. */
export function writePrivateFile(path: string, text: string): void {
  const draft = writeDraft(path, text);
  renameSync(draft, path);
}

/** Creates a file with its whole text, or returns false when it exists already. */
export function createPrivateFile(path: string, text: string): boolean {
  const draft = writeDraft(path, text);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** A secret of this data folder, as 64 hexadecimal signs: made up once, the same for ever after. */
export function keptSecret(dataFolder: string, name: string): string {
  const path = join(dataFolder, name);
  const kept = readIfPresent(path);
  if (kept !== undefined) return kept.trim();
  makePrivateFolder(dataFolder);
  const secret = randomBytes(SECRET_BYTES).toString('hex');
  return createPrivateFile(path, `${secret}\n`) ? secret : readFileSync(path, 'utf8').trim();
}

function writeDraft(path: string, text: string): string {
  makePrivateFolder(dirname(path));
  const draft = `${path}.${process.pid}.draft`;
  writing(draft, () => writeFileSync(draft, text, { mode: OWNER_ONLY_FILE, flush: true }));
  return draft;
}

// Every file of the data folder begins here, so this is where a folder of somebody else shows.
function writing(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new Failure(
      'infrastructure',
      `${path} cannot be written (${(error as NodeJS.ErrnoException).code}): ` +
        'make it writable for this user, or set DAYBOOK_DATA to another folder.',
      { cause: error },
    );
  }
}
