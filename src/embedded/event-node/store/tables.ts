// The tables of a log, by the names they have in its file.
import { type RootDatabase } from 'lmdb';
import { type Table, type Tables } from './log-reader.js';

/** What all tables are opened with. */
export const ENCODING = { encoding: 'binary', keyEncoding: 'binary' } as const;

/** Where in the folder of a node its log is. */
export const LOG_FOLDER = 'log';

/** With `about`, which tells the form of the others. */
export function openTables(root: RootDatabase): Tables & { about: Table } {
  const table = (name: string): Table => root.openDB<Buffer, Buffer>({ name, ...ENCODING });
  return {
    log: table('log'),
    index: table('index'),
    heads: table('heads'),
    about: table('about'),
  };
}
