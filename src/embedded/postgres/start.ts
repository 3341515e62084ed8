// The embedded Postgres as a whole: programs, leftovers, cluster, server, in that order.
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { keptSecret, makePrivateFolder } from '../../platform/private-file.js';
import { removeNotedCopy, runnableBinaries } from './binaries.js';
import { ensureCluster } from './cluster.js';
import { endLeftovers } from './leftovers.js';
import { operatingUser } from './operating-user.js';
import { databaseUrl, startServer } from './server.js';

export interface EmbeddedPostgres {
  /** Connection string of the database `daybook`, for its owner. */
  url: string;
  /** Fast shutdown; everything committed stays. */
  stop(): Promise<void>;
  /** Resolves when the server ended by itself. */
  failed: Promise<Error>;
}

/**
 * Starts Postgres on `folder` and returns once it accepts connections. The first start creates the
 * cluster and its password. One process at a time may do this on a folder.
 * @param folder absolute path; holds the cluster, its password and nothing else.
 * @param port a free TCP port of the loopback address.
 */
export async function startPostgres(folder: string, port: number): Promise<EmbeddedPostgres> {
  makePrivateFolder(folder);
  const home = realpathSync(folder);
  const clusterFolder = join(home, 'cluster');
  const copyNote = join(home, 'programs-copied-to');
  const user = await operatingUser();
  await endLeftovers(clusterFolder);
  const binaries = await runnableBinaries(user, copyNote);
  const password = keptSecret(home, 'password');
  const cluster = { folder: clusterFolder, binaries, user, password };
  await ensureCluster(cluster);
  const server = await startServer(cluster, port);
  return {
    url: databaseUrl(port, password),
    failed: server.failed,
    stop: async () => {
      await server.stop();
      removeNotedCopy(copyNote);
    },
  };
}
