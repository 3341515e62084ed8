// The life of a process that somebody supervises: start, say that it is ready, stop when told.
// It stops on SIGTERM, on SIGINT, and when its supervisor is gone (the IPC channel closes), so that
// a killed supervisor leaves nothing behind.
import { EXIT_CODES, EXIT_OK, Failure } from './failure.js';
import { type Logger } from './logger.js';
import { settlesWithin } from './time-limit.js';

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

/** What a supervised process tells its supervisor once it can be used. */
export interface ReadyMessage {
  type: 'ready';
  port?: number;
  url?: string;
}

/** What it tells instead when it cannot start: one line for a person. */
export interface FailedMessage {
  type: 'failed';
  message: string;
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
    const stopped = starting.then((running) => running.stop());
    const drained = await settlesWithin(drainTimeoutMs, stopped);
    if (drained) await stopped;
    else logger.error(`did not stop within ${drainTimeoutMs} ms`);
    if (typeof failure !== 'string') return exitCodeOf(failure);
    return drained ? EXIT_OK : EXIT_CODES.infrastructure;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    logger.fatal({ err: error }, message);
    await tell({ type: 'failed', message });
    return exitCodeOf(error);
  }
}

function exitCodeOf(failure: unknown): number {
  return EXIT_CODES[failure instanceof Failure ? failure.kind : 'infrastructure'];
}

function untilFailure({ port, url, failed }: Running): Promise<Error> {
  void tell({
    type: 'ready',
    ...(port !== undefined && { port }),
    ...(url !== undefined && { url }),
  });
  return failed ?? new Promise<never>(() => undefined);
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

// The supervisor may die at this very moment; then `disconnect` ends this process.
function tell(message: ReadyMessage | FailedMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}
