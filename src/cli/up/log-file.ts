// The log of a supervised process: written by the process itself, so that it is whole even when the
// supervisor dies; cut when it is opened, so that it does not grow from start to start for ever.
import { closeSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { makePrivateFolder } from '../../platform/private-file.js';

const LOG_SIZE_MAX = 10_000_000;
const OWNER_ONLY_FILE = 0o600;
const END_BYTES = 4_096;
const END_LINES = 15;

/** Opens it for appending; an old one that is too long becomes `<name>.1`. Returns the descriptor. */
export function openLog(path: string): number {
  makePrivateFolder(dirname(path));
  if (logLength(path) > LOG_SIZE_MAX) renameSync(path, `${path}.1`);
  return openSync(path, 'a', OWNER_ONLY_FILE);
}

/** Its length in bytes; 0 when there is none. */
export function logLength(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Its last lines.
 * @param from length of the log before what is of interest was written.
 */
export function logEnd(path: string, from: number): string[] {
  const log = openSync(path, 'r');
  try {
    const { size } = fstatSync(log);
    // A log shorter than it was has been begun anew.
    const start = Math.max(from <= size ? from : 0, size - END_BYTES);
    const end = Buffer.alloc(size - start);
    readSync(log, end, 0, end.length, start);
    return end.toString('utf8').trimEnd().split('\n').slice(-END_LINES);
  } finally {
    closeSync(log);
  }
}
