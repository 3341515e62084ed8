// The one place where errors become answers.
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Logger } from 'pino';
import { type ApiError } from './api-error.js';
import { type ErrorAnswer } from './answer.js';
import { ERROR_CATALOGUE } from './error-catalogue.js';
import { type KnownErrors, toApiError } from './to-api-error.js';

@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    private readonly log: Logger,
    private readonly known: KnownErrors,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = toApiError(thrown, this.known);
    logError(this.log, error, request);
    if (reply.raw.headersSent) reply.raw.destroy();
    else void sendError(reply, error);
  }
}

/** Writes an error's answer: status, number and `Retry-After` as the catalogue has them. */
function sendError(reply: FastifyReply, error: ApiError): FastifyReply {
  const { status } = ERROR_CATALOGUE[error.code];
  return reply.code(status).headers(headersOf(error)).send(errorAnswer(error));
}

export function errorAnswer({ code, message, context }: ApiError): ErrorAnswer {
  const { details = {}, meta } = context;
  const { number } = ERROR_CATALOGUE[code];
  return { error: { code, number, message, details }, ...(meta && { meta }) };
}

export function headersOf({ code, context }: ApiError): Record<string, string> {
  const entry = ERROR_CATALOGUE[code];
  const retry =
    'retryAfterSeconds' in entry ? { 'Retry-After': String(entry.retryAfterSeconds) } : {};
  return { 'Content-Type': 'application/json; charset=utf-8', ...retry, ...context.headers };
}

// What callers did wrong is theirs to know; what we cannot do is ours, and a defect comes with its stack.
function logError(log: Logger, error: ApiError, { id, method, url }: FastifyRequest): void {
  const { status } = ERROR_CATALOGUE[error.code];
  const about = { requestId: id, method, path: url.split('?')[0], code: error.code };
  if (status === 503) log.warn({ ...about, reason: String(error.cause) }, 'not available');
  else if (status === 500) log.error({ ...about, err: error.cause }, 'a request failed');
}
