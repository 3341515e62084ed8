// Every request has an id: the caller's `X-Request-Id`, or one made here. Every answer repeats it, and
// every event that the request leads to records it.
import { randomUUID } from 'node:crypto';
import { type IncomingMessage } from 'node:http';
import { type ApiError, invalidRequest } from './api-error.js';

export const REQUEST_ID_HEADER = 'X-Request-Id';
const REQUEST_ID_PATTERN = /^[\x21-\x7e]{1,128}$/;
const HEADER_KEY = REQUEST_ID_HEADER.toLowerCase();

export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[HEADER_KEY];
  return isRequestId(given) ? given : randomUUID();
}

/** Why the caller's own id cannot be used; undefined when it can, or there is none. */
export function requestIdProblem({
  headers,
}: Pick<IncomingMessage, 'headers'>): ApiError | undefined {
  const given = headers[HEADER_KEY];
  if (given === undefined || isRequestId(given)) return undefined;
  const expected = '1 to 128 printable ASCII characters without spaces; or no such header';
  return invalidRequest([{ field: REQUEST_ID_HEADER, problem: 'not a request id', expected }]);
}

function isRequestId(value: unknown): value is string {
  return typeof value === 'string' && REQUEST_ID_PATTERN.test(value);
}
