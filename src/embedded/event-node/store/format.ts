// Which form the store on disk has. Version 1, which had no mark, knew neither tombstones nor events
// that are hidden from $all; everything in it reads the same today.
import { type Table } from './log-reader.js';

const FORMAT_VERSION = 2;
const KEY = Buffer.from('format');

/** Throws an Error whose message can be shown as it is, if a later version wrote the store. */
export function checkFormat(about: Table, path: string): void {
  const stored = about.get(KEY)?.readUInt32BE(0) ?? 1;
  if (stored > FORMAT_VERSION) {
    throw new Error(
      `${path} was written by a later version (format ${stored}, this one knows ` +
        `${FORMAT_VERSION}); use that version, or another data folder`,
    );
  }
  if (stored === FORMAT_VERSION) return;
  const mark = Buffer.alloc(4);
  mark.writeUInt32BE(FORMAT_VERSION);
  about.putSync(KEY, mark);
}
