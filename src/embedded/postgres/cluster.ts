// The data folder of the embedded Postgres: made in a draft folder and renamed when it is whole, so
// that a start cut short leaves nothing that looks like a database.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { makePrivateFolder } from '../../platform/private-file.js';
import { type Binaries } from './binaries.js';
import { endLeftovers } from './leftovers.js';
import { type OperatingUser } from './operating-user.js';

/** The superuser of the cluster; it owns the database of the same system. */
export const SUPERUSER = 'daybook';
const INIT_TIMEOUT_MS = 120_000;
const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;
const OUTPUT_KEPT = 4_000;

export interface Cluster {
  /** Absolute path of the data folder. */
  folder: string;
  binaries: Binaries;
  user: OperatingUser;
  password: string;
}

/**
 * How the cluster's folder is named to Postgres. Under root the operating user may be unable to walk
 * down to it (the folders above it are root's own), so Postgres is started inside it and is told to
 * stay there; an ordinary user gets the plain path, which is what `ps` then shows.
 */
export function folderArgument(folder: string, user: OperatingUser): string {
  const startsInside = process.platform === 'linux' && 'uid' in user;
  return startsInside ? '/proc/self/cwd' : folder;
}

/** Creates the cluster unless it exists. Throws with what initdb said. */
export async function ensureCluster(cluster: Cluster): Promise<void> {
  if (existsSync(join(cluster.folder, 'PG_VERSION'))) return;
  if (existsSync(cluster.folder)) {
    throw new Error(`${cluster.folder} exists but holds no database: move it away.`);
  }
  const draft = `${cluster.folder}.draft`;
  makePrivateFolder(dirname(draft));
  // An initdb whose parent was killed goes on; it must not write into the new draft.
  await endLeftovers(draft);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft);
  handOver(draft, OWNER_ONLY_FOLDER, cluster.user);
  await initialise({ ...cluster, folder: draft });
  renameSync(draft, cluster.folder);
}

async function initialise(cluster: Cluster): Promise<void> {
  const passwordFile = `${cluster.folder}.password`;
  writeFileSync(passwordFile, `${cluster.password}\n`, { mode: OWNER_ONLY_FILE });
  handOver(passwordFile, OWNER_ONLY_FILE, cluster.user);
  const password = openSync(passwordFile, 'r');
  const child = spawn(
    cluster.binaries.initdb,
    [
      `--pgdata=${folderArgument(cluster.folder, cluster.user)}`,
      `--username=${SUPERUSER}`,
      '--pwfile=/dev/stdin',
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
    ],
    {
      ...cluster.user,
      cwd: cluster.folder,
      stdio: [password, 'pipe', 'pipe'],
      timeout: INIT_TIMEOUT_MS,
    },
  );
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-OUTPUT_KEPT);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        if (code === 0) resolve();
        else reject(new Error(`initdb ended with ${code ?? signal}: ${output.trim()}`));
      });
    });
  } finally {
    closeSync(password);
    rmSync(passwordFile, { force: true });
  }
}

function handOver(path: string, mode: number, user: OperatingUser): void {
  chmodSync(path, mode);
  if ('uid' in user) chownSync(path, user.uid, user.gid);
}
