// The tables of a log, by the names they have in its file.
import { type RootDatabase } from 'lmdb';
import { Failure } from '../../../platform/failure.js';
import { type Table, type Tables } from './log-reader.js';

/** What all tables are opened with. */
export const ENCODING = { encoding: 'binary', keyEncoding: 'binary' } as const;

/** Where in the folder of a node its log is. */
export const LOG_FOLDER = 'log';

const TABLE_NAMES = ['log', 'index', 'heads', 'about'];

/** Throws a Failure if a file is that of another program. */
export function checkTables(root: RootDatabase, path: string): void {
  for (const key of root.getKeys()) {
    const name = Buffer.isBuffer(key) ? key.toString().replace('\0', '') : String(key);
    if (TABLE_NAMES.includes(name)) continue;
    throw new Failure(
      'refused',
      `${path} is no event log: it holds '${name}'; give the folder of an event log, or a new one`,
    );
  }
}

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
