import { Failure, type FailureKind } from '../../platform/failure.js';

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room, or choose another --out',
  EDQUOT: 'the quota of this disk is used up: make room, or choose another --out',
  EFBIG: 'files may not grow so large here: raise the limit, or choose another --out',
  EROFS: 'the disk is read-only: choose another --out',
  ENAMETOOLONG: 'the name is too long for this disk: choose a shorter --out',
  EEXIST: 'a file is in the way: choose another --out, whose folders are folders',
  ENOTDIR: 'a file is in the way: choose another --out, whose folders are folders',
};
/** Of these, the words are wrong, and not what they name. */
const WRONG_NAMES: ReadonlySet<string> = new Set(['ENAMETOOLONG', 'EEXIST', 'ENOTDIR']);
const HINT_DEFAULT = 'make it writable for this user, or choose another --out';

/** What to tell when a file or folder of an export cannot be written. */
export function outputFailure(path: string, cause: unknown): Failure {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  const message = `${path} cannot be written (${code}): ${HINTS[code] ?? HINT_DEFAULT}.`;
  const kind: FailureKind = WRONG_NAMES.has(code) ? 'usage' : 'infrastructure';
  return new Failure(kind, message, { cause });
}
