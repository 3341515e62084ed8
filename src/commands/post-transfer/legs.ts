// The two ways to write the legs of a transfer, and how problems are named in the one that was used.
import { type Leg } from '../../domain/ledger/transfer-events.js';
import { type ApiError, invalidRequest } from '../../platform/http/api-error.js';
import { read } from '../../platform/http/request-shape.js';
import { type Rejection } from '../../domain/errors.js';
import { LegBody, type PostTransferBody } from './dto.js';

const LEG_FIELDS = ['debit', 'credit', 'amount', 'currency'] as const;

/** Throws ApiError INVALID_REQUEST when a leg is incomplete, or written in both ways at once. */
export function legsOf(body: PostTransferBody): readonly Leg[] {
  const given = LEG_FIELDS.filter((field) => typeof body[field] === 'string');
  if (!isSeveral(body)) {
    return [read(LegBody, Object.fromEntries(given.map((field) => [field, body[field]])), 'body')];
  }
  if (given.length > 0) throw bothWays(given);
  return (body.legs ?? []).map(({ debit, credit, amount, currency }) => ({
    debit,
    credit,
    amount,
    currency,
  }));
}

/** The domain knows legs by number; callers who wrote one leg without a number do not. */
export function inCallersWords(rejection: Rejection, body: PostTransferBody): Rejection {
  if (isSeveral(body)) return rejection;
  const plain = (text: string) => text.replace(/^legs\[0\]\./, '');
  const fields = rejection.fields.map((problem) => ({ ...problem, field: plain(problem.field) }));
  return { ...rejection, message: plain(rejection.message), fields };
}

function isSeveral(body: PostTransferBody): boolean {
  return body.legs !== undefined && body.legs !== null;
}

function bothWays(given: readonly string[]): ApiError {
  const problem = `given together with ${given.join(', ')}`;
  const expected = `either legs, or ${LEG_FIELDS.join(', ')}`;
  return invalidRequest([{ field: 'legs', problem, expected }]);
}
