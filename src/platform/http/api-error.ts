// What is thrown to answer a request with an error of the catalogue, from wherever the request is handled.
import { type FieldProblem } from '../../domain/errors.js';
import { type AnswerMeta } from './answer.js';
import { type ErrorCode } from './error-catalogue.js';

export interface ErrorContext {
  /** What a program needs to know: `fields`, `evidence`, ... JSON only. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly meta?: AnswerMeta;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** The status, the number and `Retry-After` follow from the code. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly context: ErrorContext = {},
  ) {
    super(message, { cause: context.cause });
  }
}

/** Problems told in one answer: one for each transfer of the largest batch. */
const PROBLEMS_TOLD_MAX = 1_000;

/** Some fields have to change; the message repeats the first. */
export function invalidRequest(fields: readonly FieldProblem[]): ApiError {
  const [first] = fields;
  const message = first ? `${first.field}: ${first.problem}.` : 'The request is not understood.';
  return new ApiError('INVALID_REQUEST', message, { details: fieldDetails(fields) });
}

/** The fields that have to change, as an answer tells them: the first so many. */
export function fieldDetails(fields: readonly FieldProblem[]): Readonly<Record<string, unknown>> {
  const leftOff = fields.length - PROBLEMS_TOLD_MAX;
  return {
    fields: fields.slice(0, PROBLEMS_TOLD_MAX),
    ...(leftOff > 0 && { fieldsLeftOff: leftOff }),
  };
}

/** The same answer for a ledger that does not exist and for one that the caller may not know of. */
export function ledgerNotFound(): ApiError {
  return new ApiError('LEDGER_NOT_FOUND', 'There is no such ledger.');
}

export function shuttingDown(): ApiError {
  return new ApiError('SHUTTING_DOWN', 'This process is stopping.');
}
