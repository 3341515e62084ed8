// The two ways to write the legs of a transfer, and how problems are named in the one that was used.
import { type Refusal, type Rejection } from '../../domain/errors.js';
import { type Leg } from '../../domain/ledger/transfer-events.js';
import { type ApiError, invalidRequest } from '../../platform/http/api-error.js';
import { read } from '../../platform/http/request-shape.js';
import { expectedVersionsOf } from './conditions.js';
import { LegBody, type PostTransferBody } from './dto.js';

const LEG_FIELDS = ['debit', 'credit', 'amount', 'currency'] as const;
const LEG_FIELDS_OPTIONAL = ['expectedVersions'] as const;

/** Throws ApiError INVALID_REQUEST when a leg is incomplete, or written in both ways at once. */
export function legsOf(body: PostTransferBody): readonly Leg[] {
  const given = [...LEG_FIELDS, ...LEG_FIELDS_OPTIONAL].filter(
    (field) => body[field] !== undefined && body[field] !== null,
  );
  if (!isSeveral(body)) {
    const sent = Object.fromEntries(given.map((field) => [field, body[field]]));
    return [legOf(read(LegBody, sent, 'body'))];
  }
  if (given.length > 0) throw bothWays(given);
  return (body.legs ?? []).map(legOf);
}

/** The domain knows legs by number; callers who wrote one leg without a number do not. */
export function inCallersWords(rejection: Rejection, body: PostTransferBody): Rejection {
  if (isSeveral(body)) return rejection;
  const fields = rejection.fields.map((problem) => ({ ...problem, field: plain(problem.field) }));
  return { ...rejection, message: plain(rejection.message), fields };
}

/** The same for what a refusal has seen. */
export function refusalInCallersWords(refusal: Refusal, body: PostTransferBody): Refusal {
  const { conditions } = refusal.evidence;
  if (isSeveral(body) || !conditions) return refusal;
  const named = conditions.map((seen) => ({ ...seen, field: plain(seen.field) }));
  return { ...refusal, evidence: { ...refusal.evidence, conditions: named } };
}

function legOf({ debit, credit, amount, currency, expectedVersions }: LegBody): Leg {
  const versions = expectedVersionsOf(expectedVersions);
  return { debit, credit, amount, currency, ...(versions && { expectedVersions: versions }) };
}

function plain(text: string): string {
  return text.replace(/^legs\[0\]\./, '');
}

function isSeveral(body: PostTransferBody): boolean {
  return body.legs !== undefined && body.legs !== null;
}

function bothWays(given: readonly string[]): ApiError {
  const problem = `given together with ${given.join(', ')}`;
  const expected = `either legs, or ${LEG_FIELDS.join(', ')}`;
  return invalidRequest([{ field: 'legs', problem, expected }]);
}
