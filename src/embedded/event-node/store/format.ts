// Which form the store on disk has. Version 1, which had no mark, knew neither tombstones nor events
// that are hidden from $all; version 2 had no checksums. Everything in them reads the same today.
import { Failure } from '../../../platform/failure.js';
import { type Table } from './log-reader.js';

const FORMAT_VERSION = 3;
const KEY = Buffer.from('format');

/** The form it has; throws a Failure if a later version wrote the store. */
export function checkReadable(about: Table, path: string): number {
  const stored = about.get(KEY)?.readUInt32BE(0) ?? 1;
  if (stored <= FORMAT_VERSION) return stored;
  throw new Failure(
    'refused',
    `${path} was written by a later version (format ${stored}, this one knows ` +
      `${FORMAT_VERSION}); use that version, or another data folder`,
  );
}

/** Marks it with the form that is written from now on; throws what `checkReadable` throws. */
export function bringUpToDate(about: Table, path: string): void {
  if (checkReadable(about, path) === FORMAT_VERSION) return;
  const mark = Buffer.alloc(4);
  mark.writeUInt32BE(FORMAT_VERSION);
  about.putSync(KEY, mark);
}
