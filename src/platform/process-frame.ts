// The life of a process that somebody supervises: start, say that it is ready, stop when told.
// It stops on SIGTERM, on SIGINT, and when its supervisor is gone (the IPC channel closes), so that
// a killed supervisor leaves nothing behind.
import { EXIT_CODES, EXIT_OK } from './failure.js';
import { type Logger } from './logger.js';

/** Something that runs until it is stopped. */
export interface Running {
  /** Where it listens, and as whom one may connect, for those that have such a thing. */
  port?: number;
  url?: string;
  /** Ends it in good order; called once. */
  stop(): Promise<void>;
  /** Resolves when it ended by itself. */
  failed?: Promise<Error>;
}

/** What a supervised process tells its supervisor, once. */
export interface ReadyMessage {
  type: 'ready';
  port?: number;
  url?: string;
}

export interface FrameOptions {
  start(): Promise<Running>;
  /** How long starting up and stopping may take, once a stop was asked for. */
  drainTimeoutMs: number;
  logger: Logger;
}

/**
 * Runs it until it is told to stop, or fails, and returns the exit code for the caller to exit with.
 * A stop asked for during the start is carried out as soon as that is over.
 */
export async function runProcess(options: FrameOptions): Promise<number> {
  const { logger, drainTimeoutMs } = options;
  const stopAsked = nextStopRequest();
  const starting = options.start();
  try {
    const failure = await Promise.race([stopAsked, starting.then(untilFailure)]);
    if (typeof failure === 'string') logger.info(`stopping: ${failure}`);
    else logger.fatal({ err: failure }, failure.message);
    const drained = await within(
      drainTimeoutMs,
      starting.then((running) => running.stop()),
    );
    if (!drained) logger.error(`did not stop within ${drainTimeoutMs} ms`);
    return drained && typeof failure === 'string' ? EXIT_OK : EXIT_CODES.infrastructure;
  } catch (error) {
    logger.fatal({ err: error }, error instanceof Error ? error.message : String(error));
    return EXIT_CODES.infrastructure;
  }
}

function untilFailure(running: Running): Promise<Error> {
  announceReady(running);
  return running.failed ?? new Promise<never>(() => undefined);
}

function nextStopRequest(): Promise<string> {
  return new Promise((resolve) => {
    process.on('SIGTERM', () => resolve('SIGTERM'));
    process.on('SIGINT', () => resolve('SIGINT'));
    process.on('disconnect', () => resolve('the supervisor is gone'));
    // The channel may have closed before anybody listened.
    if (process.send !== undefined && !process.connected) resolve('the supervisor is gone');
  });
}

function announceReady({ port, url }: Running): void {
  if (process.send === undefined || !process.connected) return;
  const message = { type: 'ready', ...(port && { port }), ...(url && { url }) };
  // The supervisor may die at this very moment; then `disconnect` ends this process.
  process.send(message, undefined, undefined, () => undefined);
}

async function within(timeoutMs: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  try {
    return await Promise.race([work.then(() => true), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
