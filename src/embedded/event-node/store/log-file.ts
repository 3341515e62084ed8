// Whether the file of a log can be opened. LMDB maps it into memory and trusts it: a file that is cut
// or is none of its own ends the process, an empty one begins a new log, and of two root pages it
// takes the older one if the newer is damaged, without the last commit. So it is looked at first.
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../../platform/failure.js';

export const DATA_FILE = 'data.mdb';
const LOCK_FILE = 'lock.mdb';

/** A root page of LMDB, data format 2: where in it things are. All numbers are little-endian. */
const FLAGS_AT = 18;
const MAGIC_AT = 24;
const PAGE_SIZE_AT = 48;
const FREE_ROOT_AT = 88;
const MAIN_ROOT_AT = 136;
const LAST_PAGE_AT = 144;
const COMMIT_AT = 152;
const ROOT_BYTES = 160;

const ROOT_PAGE_FLAG = 0x08;
const MAGIC = 0xbeefc0de;
const NO_PAGE = 2n ** 64n - 1n;
const PAGE_BYTES_MIN = 512;
const PAGE_BYTES_MAX = 65_536;
/** A writer may replace one root page while they are read. */
const ATTEMPTS = 3;
const EMPTY_FILE = 'is empty';
const NO_LOG = 'is no event log, or its beginning is damaged';

interface RootPage {
  lastPage: bigint;
  /** Of the commit that wrote it: the two root pages take turns. */
  commit: bigint;
}

/** Throws a Failure if there is a log in the folder, but its file is not whole. */
export function checkLogFile(folder: string): void {
  const path = join(folder, DATA_FILE);
  if (existsSync(path)) return checkFile(path);
  if (!existsSync(join(folder, LOCK_FILE))) return;
  throw unusable(`${path} is missing`, `delete ${folder} to begin a new log`);
}

/** Throws a Failure if an LMDB file is not whole. */
export function checkFile(path: string): void {
  const problem = problemAt(path);
  if (problem === undefined) return;
  const instead = problem === EMPTY_FILE ? 'delete it if nothing was ever stored in it' : undefined;
  throw unusable(`${path} ${problem}`, instead);
}

function problemAt(path: string): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    let problem = problemWith(file);
    for (let again = 1; problem !== undefined && again < ATTEMPTS; again++) {
      problem = problemWith(file);
    }
    return problem;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure('infrastructure', `${path} cannot be read: ${reason}`, { cause: error });
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function unusable(what: string, instead?: string): Failure {
  const advice = ['put a copy of the log in its place', ...(instead ? [instead] : [])];
  return new Failure('infrastructure', `${what}: ${advice.join(', or ')}`);
}

function problemWith(file: number): string | undefined {
  const first = bytesAt(file, 0);
  if (first.length === 0) return EMPTY_FILE;
  const pageBytes = first.length < ROOT_BYTES ? 0 : first.readUInt32LE(PAGE_SIZE_AT);
  const isPageSize = pageBytes >= PAGE_BYTES_MIN && pageBytes <= PAGE_BYTES_MAX;
  if (!isPageSize) return NO_LOG;
  const roots = [first, bytesAt(file, pageBytes)].map(readRoot);
  const [one, two] = roots;
  if (!one || !two) return NO_LOG;
  const [newest, older] = one.commit > two.commit ? [one, two] : [two, one];
  // In a copy only one was ever written.
  const isPair = newest.commit - older.commit <= 1n || older.commit === 0n;
  if (!isPair) return 'is damaged at its beginning';
  const size = fstatSync(file).size;
  const needed = Number(newest.lastPage + 1n) * pageBytes;
  return size < needed ? `is cut: it has ${size} bytes and should have ${needed}` : undefined;
}

function bytesAt(file: number, position: number): Buffer {
  const bytes = Buffer.alloc(ROOT_BYTES);
  return bytes.subarray(0, readSync(file, bytes, 0, ROOT_BYTES, position));
}

/** Undefined if it is not one. */
function readRoot(page: Buffer): RootPage | undefined {
  if (page.length < ROOT_BYTES) return undefined;
  const isRoot = page.readUInt16LE(FLAGS_AT) === ROOT_PAGE_FLAG;
  if (!isRoot || page.readUInt32LE(MAGIC_AT) !== MAGIC) return undefined;
  const lastPage = page.readBigUInt64LE(LAST_PAGE_AT);
  const trees = [FREE_ROOT_AT, MAIN_ROOT_AT].map((at) => page.readBigUInt64LE(at));
  if (trees.some((tree) => tree > lastPage && tree !== NO_PAGE)) return undefined;
  return { lastPage, commit: page.readBigUInt64LE(COMMIT_AT) };
}
