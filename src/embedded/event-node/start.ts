// The event node: EventStoreDB's gRPC protocol on one port, over a log in one folder. This file owns
// the order of starting, emptying and stopping.
import { isIPv6, type Socket } from 'node:net';
import { holdFolder, makeTemporaryFolder, type DataFolder } from './data-folder.js';
import { openEngine, type Engine } from './engine.js';
import { openFrontDoor } from './front-door.js';
import { answerProbe } from './probes.js';
import { type FirstPasswords } from './security/first-passwords.js';
import { checkExposure, checkTlsIdentity, type TlsIdentity } from './tls.js';

export type EventNodeOptions = Serving & (Durable | InMemory);

interface Durable {
  /** Folder of the log; made if it is not there. One process at a time. */
  dataDir: string;
  inMemory?: false;
}

interface InMemory {
  /** A log that is never flushed, in a temporary folder that is gone when the node stops. */
  inMemory: true;
  dataDir?: never;
}

interface Serving {
  /** Loopback unless told otherwise; anything else needs `security`. */
  host?: string | undefined;
  /** 0, the default, takes any free port. */
  port?: number | undefined;
  /** TLS and users. Without it there is no authentication, as on an insecure EventStoreDB. */
  security?: EventNodeSecurity | undefined;
  /** Told once if the disk refused a write; from then on appends answer UNAVAILABLE. */
  onFailure?: (error: unknown) => void;
}

/** The certificate and key of the node, and passwords for a store that has no users yet. */
export type EventNodeSecurity = TlsIdentity & FirstPasswords;

export interface EventNode {
  /** Connection string for the official client, without credentials. */
  url: string;
  port: number;
  /**
   * Ends open calls and connections, and goes on with an empty log at the same address; clients
   * connect again by themselves. Only for a node in memory: rejects otherwise.
   */
  reset(): Promise<void>;
  /** Ends open calls with UNAVAILABLE, finishes commits under way, closes the log. */
  stop(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/** Rejects with an Error whose message can be shown as it is. */
export async function startEventNode(options: EventNodeOptions): Promise<EventNode> {
  const { host = LOOPBACK, security } = options;
  let { port = 0 } = options;
  checkExposure(host, security !== undefined);
  if (security) checkTlsIdentity(security);
  const open = ({ path, isDurable }: DataFolder) =>
    openEngine({
      dataDir: path,
      isDurable,
      firstPasswords: security,
      reachedAt: () => ({ host, port }),
      onFailure: options.onFailure ?? (() => {}),
    });
  const hold = () => (options.inMemory ? makeTemporaryFolder() : holdFolder(options.dataDir));

  let running = await run(await hold(), open);
  const end = async ({ engine, folder }: RunningEngine) => {
    await engine.close();
    await folder.release();
  };
  /** Emptying and stopping, one after the other; connections wait for what is under way. */
  let changing: Promise<void> = Promise.resolve();
  const http2 = (connection: Socket) =>
    void changing.then(
      () => running.engine.serve(connection),
      () => connection.destroy(),
    );
  const tls = security;
  const door = await openFrontDoor({ host, port, tls }, { http2, http1: answerProbe }).catch(
    async (error: unknown) => {
      await end(running);
      throw error;
    },
  );
  port = door.port;
  const stop = () =>
    door.close(
      changing.then(
        () => end(running),
        () => undefined,
      ),
    );
  let stopping: Promise<void> | undefined;
  return {
    url: `esdb://${isIPv6(host) ? `[${host}]` : host}:${port}?tls=${security !== undefined}`,
    port,
    reset: () => {
      if (!options.inMemory)
        return Promise.reject(new Error('only a node in memory can be emptied'));
      changing = changing.then(async () => {
        await end(running);
        running = await run(await hold(), open);
      });
      return changing;
    },
    stop: () => (stopping ??= stop()),
  };
}

interface RunningEngine {
  folder: DataFolder;
  engine: Engine;
}

/** An engine on a folder, which is let go if that fails. */
async function run(
  folder: DataFolder,
  open: (folder: DataFolder) => Promise<Engine>,
): Promise<RunningEngine> {
  try {
    return { folder, engine: await open(folder) };
  } catch (error) {
    await folder.release();
    throw error;
  }
}
