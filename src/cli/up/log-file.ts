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
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_SIZE_MAX) renameSync(path, `${path}.1`);
  return openSync(path, 'a', OWNER_ONLY_FILE);
}

/** Its last lines, marked as quoted. */
export function logEnd(path: string): string {
  const log = openSync(path, 'r');
  try {
    const { size } = fstatSync(log);
    const end = Buffer.alloc(Math.min(size, END_BYTES));
    readSync(log, end, 0, end.length, size - end.length);
    const lines = end.toString('utf8').trimEnd().split('\n').slice(-END_LINES);
    return lines.map((line) => `  | ${line}`).join('\n');
  } finally {
    closeSync(log);
  }
}
