// `daybook eventstore`: the event node by itself, without the ledger.
import { InvalidArgumentError, type Command } from 'commander';
import { startEventNode } from '../embedded/event-node/start.js';
import { checkExposure } from '../embedded/event-node/tls.js';
import { PORT_MAX } from '../platform/config.js';
import { Failure } from '../platform/failure.js';
import { createLogger } from '../platform/logger.js';
import { runProcess, type Running } from '../platform/process-frame.js';
import { backUp, type BackupOptions } from './eventstore/backup.js';
import { securityFrom, type SecurityOptions } from './eventstore/security-options.js';
import { verify } from './eventstore/verify.js';
import { type RegisterVerb } from './register-verb.js';

interface ServeOptions extends SecurityOptions {
  data?: string;
  inMemory?: true;
  port: number;
  host: string;
}

/** The port that EventStoreDB's clients try by default. */
const PORT_DEFAULT = 2113;
const HOST_DEFAULT = '127.0.0.1';
const DRAIN_TIMEOUT_MS = 15_000;

export const registerEventstore: RegisterVerb = (program) => {
  const eventstore = serveCommand(program);
  eventstore
    .command('backup <folder>')
    .description('copy the log of --data to a new folder, also while its node runs')
    .action((folder: string, _own: object, command: Command) =>
      backUp(folder, command.optsWithGlobals<BackupOptions>()),
    );
  eventstore
    .command('verify <folder>')
    .description('read a log or a copy from end to end, and say whether it is whole')
    .action((folder: string, options: { json?: true }) => verify(folder, options));
};

function serveCommand(program: Command): Command {
  return program
    .command('eventstore')
    .description(
      'serve the event node alone until stopped: the protocol of EventStoreDB, one folder',
    )
    .option('--data <folder>', 'where the log is, made if it is not there')
    .option('--in-memory', 'keep nothing: a log that is gone when the node stops')
    .option('--port <n>', 'TCP port, 0 for any free one', portNumber, PORT_DEFAULT)
    .option('--host <address>', 'address to listen on; beyond loopback only with TLS', HOST_DEFAULT)
    .option('--tls-cert <file>', 'certificate in PEM; with it come users and access lists')
    .option('--tls-key <file>', 'private key of the certificate, in PEM')
    .option('--admin-password-file <file>', 'password of admin, for a log without users')
    .option('--ops-password-file <file>', 'password of ops, if there is to be such a user')
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const place = placeOf(options);
  const security = securityFrom(options);
  const { host, port } = options;
  checkExposure(host, security !== undefined);
  const logger = createLogger('event-node', 'info');
  const start = async (): Promise<Running> => {
    const onFailure = (error: unknown) =>
      logger.error({ err: error }, 'the disk refused a write: appends are refused until a restart');
    const node = await startEventNode({ ...place, host, port, security, onFailure });
    logger.info({ url: node.url }, 'ready');
    return node;
  };
  process.exit(await runProcess({ start, drainTimeoutMs: DRAIN_TIMEOUT_MS, logger }));
}

function placeOf({ data, inMemory }: ServeOptions) {
  if (inMemory && data === undefined) return { inMemory } as const;
  if (data !== undefined && !inMemory) return { dataDir: data };
  throw new Failure('usage', 'give --data <folder>, or --in-memory, which keeps nothing');
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port >= 0 && port <= PORT_MAX) return port;
  throw new InvalidArgumentError(`Use a whole number up to ${PORT_MAX}, or 0 for any free port.`);
}
