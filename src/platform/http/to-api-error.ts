// Whatever was thrown while a request was handled, as an error of the catalogue. What is not known here is
// INTERNAL: its message goes to the log and never to the caller.
import { HttpException, NotFoundException } from '@nestjs/common';
import { ApiError } from './api-error.js';
import { ERROR_CATALOGUE, type ErrorCode } from './error-catalogue.js';

/** Which code stands for which class of errors of the ports; given by the composition root. */
export type KnownErrors = readonly (readonly [
  abstract new (...parameters: never[]) => Error,
  ErrorCode,
])[];

interface Unreadable {
  readonly code: ErrorCode;
  readonly field: string;
  readonly problem: string;
  readonly expected: string;
}

const NOT_JSON: Unreadable = {
  code: 'INVALID_JSON',
  field: 'body',
  problem: 'not valid JSON',
  expected: 'one JSON object, without keys such as "__proto__"',
};

const BAD_URL: Unreadable = {
  code: 'INVALID_URL',
  field: 'path',
  problem: 'cannot be read',
  expected: 'parts that are percent-encoded UTF-8 and not too long',
};

/** Requests that Fastify itself turns away, by its codes. */
const UNREADABLE: Readonly<Record<string, Unreadable>> = {
  FST_ERR_BAD_URL: BAD_URL,
  FST_ERR_MAX_PARAM_LENGTH: BAD_URL,
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'BODY_TOO_LARGE',
    field: 'body',
    problem: 'too large',
    expected: 'at most 1 MiB, or 2 MiB for a batch',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'UNSUPPORTED_MEDIA_TYPE',
    field: 'Content-Type',
    problem: 'not a media type that is read here',
    expected: 'application/json',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: { ...NOT_JSON, problem: 'empty' },
  FST_ERR_CTP_INVALID_JSON_BODY: NOT_JSON,
};

export function toApiError(thrown: unknown, known: KnownErrors): ApiError {
  if (thrown instanceof ApiError) return thrown;
  const match = known.find(([type]) => thrown instanceof type);
  if (match) return new ApiError(match[1], ERROR_CATALOGUE[match[1]].meaning, { cause: thrown });
  if (thrown instanceof NotFoundException) {
    return new ApiError('ROUTE_NOT_FOUND', 'There is nothing at this path.');
  }
  const original: unknown =
    thrown instanceof HttpException && thrown.cause !== undefined ? thrown.cause : thrown;
  const unreadable = UNREADABLE[String(propertyOf(original, 'code'))];
  if (unreadable) return answerFor(unreadable);
  const status = Number(propertyOf(original, 'statusCode'));
  if (status >= 400 && status < 500) {
    return new ApiError('INVALID_REQUEST', 'The request could not be read to its end.');
  }
  return new ApiError('INTERNAL', 'Something went wrong on our side.', { cause: thrown });
}

function answerFor({ code, field, problem, expected }: Unreadable): ApiError {
  const details = { fields: [{ field, problem, expected }] };
  return new ApiError(code, `${field}: ${problem}.`, { details });
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
