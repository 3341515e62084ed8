// A log as it is at one moment, for another process than the one that writes it: nothing is changed,
// and writers go on meanwhile.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase, type Transaction } from 'lmdb';
import { Failure } from '../../../platform/failure.js';
import { checkReadable } from './format.js';
import { checkFile, DATA_FILE } from './log-file.js';
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

/** Rejects with a Failure if there is no log, its file is not whole, or a later version wrote it. */
export async function openLogSnapshot(dataDir: string): Promise<LogSnapshot> {
  const path = join(dataDir, LOG_FOLDER);
  const file = join(path, DATA_FILE);
  if (!existsSync(file)) {
    throw new Failure('usage', `there is no event log in ${dataDir}: ${file} is missing`);
  }
  checkFile(file);
  const root = openFile(path);
  try {
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
