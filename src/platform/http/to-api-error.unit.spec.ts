import { BadRequestException, NotFoundException } from '@nestjs/common';
import { KNOWN_ERRORS } from '../../app.module.js';
import { LedgerBusy, OutcomeUnknown } from '../../commands/ledger-writer/ledger-writers.js';
import { InvariantViolation } from '../../domain/errors.js';
import { AppendRejected, EventStoreUnavailable } from '../../event-store/event-store.js';
import { ApiError } from './api-error.js';
import { errorAnswer, headersOf } from './error-filter.js';
import { toApiError } from './to-api-error.js';

const secret = 'postgres://daybook:hunter2@db';

describe('what was thrown', () => {
  it.each([
    ['LEDGER_BUSY', new LedgerBusy(secret)],
    ['OUTCOME_UNKNOWN', new OutcomeUnknown(secret)],
    ['EVENT_STORE_UNAVAILABLE', new EventStoreUnavailable(secret)],
    ['ROUTE_NOT_FOUND', new NotFoundException(secret)],
    ['INTERNAL', new AppendRejected(secret)],
    ['INTERNAL', new InvariantViolation(secret)],
    ['INTERNAL', new TypeError(secret)],
    ['INTERNAL', secret],
    ['INTERNAL', undefined],
    ['INVALID_REQUEST', Object.assign(new Error('aborted'), { statusCode: 400 })],
    ['INTERNAL', Object.assign(new Error('gone'), { statusCode: 502 })],
    ['INTERNAL', new BadRequestException(secret)],
  ])('becomes %s, and what it said stays with us', (code, thrown) => {
    const error = toApiError(thrown, KNOWN_ERRORS);
    expect(error.code).toBe(code);
    expect(JSON.stringify(errorAnswer(error))).not.toContain(secret);
  });

  it('stays as it is when it is an answer already', () => {
    const error = new ApiError('FORBIDDEN', 'No.');
    expect(toApiError(error, KNOWN_ERRORS)).toBe(error);
  });
});

describe('an error answer', () => {
  it('has number and details', () => {
    const error = new ApiError('INSUFFICIENT_FUNDS', 'No.', { details: { evidence: 1 } });
    expect(errorAnswer(error)).toEqual({
      error: {
        code: 'INSUFFICIENT_FUNDS',
        number: 'DBK-2001',
        message: 'No.',
        details: { evidence: 1 },
      },
    });
  });

  it('says when to come back if it is temporary', () => {
    expect(headersOf(new ApiError('LEDGER_BUSY', ''))).toHaveProperty('Retry-After', '1');
    expect(headersOf(new ApiError('FORBIDDEN', ''))).not.toHaveProperty('Retry-After');
  });
});
