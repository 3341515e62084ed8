// A log as it is at one moment, for another process than the one that writes it: nothing is changed,
// and writers go on meanwhile.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase, type Transaction } from 'lmdb';
import { Failure } from '../../../platform/failure.js';
import { checkReadable } from './format.js';
import { type Tables } from './log-reader.js';
import { ENCODING, LOG_FOLDER, openTables } from './tables.js';

export interface LogSnapshot {
  tables: Tables;
  /** To be passed to every read. */
  transaction: Transaction;
  /** Copies the log into a folder that is there; what was deleted takes no room in the copy. */
  copyTo(folder: string): Promise<void>;
  close(): Promise<void>;
}

export const DATA_FILE = 'data.mdb';

/** Rejects with a Failure if there is no log, its file is cut, or a later version wrote it. */
export async function openLogSnapshot(dataDir: string): Promise<LogSnapshot> {
  const path = join(dataDir, LOG_FOLDER);
  const file = join(path, DATA_FILE);
  if (!existsSync(file)) {
    throw new Failure('usage', `there is no event log in ${dataDir}: ${file} is missing`);
  }
  const root = openFile(path);
  try {
    checkSize(root, file);
    const { about, ...tables } = openTables(root);
    const transaction = tables.log.useReadTransaction();
    checkReadable(about, path);
    return {
      tables,
      transaction,
      copyTo: (folder) => root.backup(folder, true),
      close: async () => {
        transaction.done();
        await root.close();
      },
    };
  } catch (error) {
    await root.close();
    throw error;
  }
}

function openFile(path: string): RootDatabase {
  try {
    return open({ path, readOnly: true, ...ENCODING });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure('infrastructure', `${path} cannot be opened: ${reason}`, { cause: error });
  }
}

/** A page beyond the end of the file would end the process that reads it. */
function checkSize(root: RootDatabase, file: string): void {
  const { pageSize, lastPageNumber } = root.getStats() as Record<string, number | undefined>;
  const { size } = statSync(file);
  const needed = (pageSize ?? 0) * ((lastPageNumber ?? 0) + 1);
  if (size >= needed) return;
  throw new Failure(
    'infrastructure',
    `${file} is cut: it has ${size} bytes and should have ${needed}; use another copy`,
  );
}
