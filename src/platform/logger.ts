// Structured logs: one JSON line per happening, on standard output, secrets struck out.
import { type LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { type LogLevel } from './config.js';

export type { Logger };

const SECRET_FIELDS = ['authorization', 'password', 'secret', 'token', 'connectionString'];

/**
 * @param name which part of Daybook speaks, such as `api`.
 * @param level lines below it are dropped.
 */
export function createLogger(name: string, level: LogLevel): Logger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  return pino({
    name,
    level,
    redact: { paths, censor: '[hidden]' },
    serializers: { err: withoutContext },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}

/**
 * What a log says of an error. Libraries hang whole connections on their errors, keys included: only
 * what tells what went wrong, and where, is kept.
 */
export function withoutContext(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { type, message, stack, code } = pino.stdSerializers.err(error) as Record<string, unknown>;
  return { type, message, stack, ...(code !== undefined && { code }) };
}

/** Lets Nest write through our logger, so that a process has one log and one format. */
export function nestLogger(logger: Logger): LoggerService {
  return {
    log: (message: unknown, ...rest: unknown[]) => logger.info(...line(message, rest)),
    warn: (message: unknown, ...rest: unknown[]) => logger.warn(...line(message, rest)),
    error: (message: unknown, ...rest: unknown[]) => logger.error(...line(message, rest)),
    fatal: (message: unknown, ...rest: unknown[]) => logger.fatal(...line(message, rest)),
    debug: (message: unknown, ...rest: unknown[]) => logger.debug(...line(message, rest)),
    verbose: (message: unknown, ...rest: unknown[]) => logger.trace(...line(message, rest)),
  };
}

// Nest passes the context as the last text; for errors, the stack comes between.
function line(message: unknown, rest: unknown[]): [object, string] {
  const context = rest.at(-1);
  const details = rest.slice(0, -1).filter((detail) => detail !== undefined);
  const text = message instanceof Error ? message.message : stringOf(message);
  return [
    {
      ...(typeof context === 'string' && { context }),
      ...(message instanceof Error && { err: message }),
      ...(details.length > 0 && { details }),
    },
    text,
  ];
}

function stringOf(message: unknown): string {
  return typeof message === 'string' ? message : JSON.stringify(message);
}
