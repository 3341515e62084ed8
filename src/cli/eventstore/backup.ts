// `daybook eventstore backup`: a copy of a log, also while its node runs.
import { backUpLog } from '../../embedded/event-node/store/backup.js';
import { Failure } from '../../platform/failure.js';
import { createTerminal } from '../terminal.js';

export interface BackupOptions {
  data?: string;
  json?: true;
}

/** Copies the log of the folder in `--data` to a folder that is not there yet. */
export async function backUp(target: string, { data, json }: BackupOptions): Promise<void> {
  if (data === undefined) {
    throw new Failure('usage', 'which log? Give the folder of the node with --data');
  }
  const bytes = await backUpLog(data, target);
  const text = `${target} is a copy of ${data}, of ${bytes} bytes; start a node on it to restore it.`;
  createTerminal({ json: json ?? false }).result({ target, bytes }, text);
}
