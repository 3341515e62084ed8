// Where a node keeps its log: a folder of its owner's choice, held by one process at a time, or one
// of its own that is gone when the node stops.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFolder } from './folder-lock.js';

export interface DataFolder {
  path: string;
  /** Its writes are flushed to disk before they are answered. */
  isDurable: boolean;
  release(): Promise<void>;
}

/** Rejects with an Error whose message can be shown as it is, if another process holds it. */
export async function holdFolder(path: string): Promise<DataFolder> {
  const lock = await lockFolder(path);
  return { path, isDurable: true, release: () => lock.release() };
}

export function makeTemporaryFolder(): DataFolder {
  const path = mkdtempSync(join(tmpdir(), 'event-node-'));
  const release = () => {
    rmSync(path, { recursive: true, force: true });
    return Promise.resolve();
  };
  return { path, isDurable: false, release };
}
