// The two ways to write the legs of a transfer, and how problems are named in the one that was used.
import { type FieldProblem, type Refusal, type Rejection } from '../../domain/errors.js';
import { type Leg } from '../../domain/ledger/transfer-events.js';
import { invalidRequest } from '../../platform/http/api-error.js';
import { type Place, problemsIn } from '../../platform/http/request-shape.js';
import { expectedVersionsOf } from './conditions.js';
import { LegBody, type PostTransferBody } from './dto.js';

const LEG_FIELDS = ['debit', 'credit', 'amount', 'currency'] as const;
const LEG_FIELDS_OPTIONAL = ['expectedVersions'] as const;

/** A leg that is incomplete, or written in both ways at once. */
export function legProblems(body: PostTransferBody, place: Place): readonly FieldProblem[] {
  const sent = singleLegOf(body);
  if (!isSeveral(body)) return problemsIn(LegBody, sent, place);
  const given = Object.keys(sent);
  if (given.length === 0) return [];
  const problem = `given together with ${given.join(', ')}`;
  const expected = `either legs, or ${LEG_FIELDS.join(', ')}`;
  return [{ field: `${place.prefix}legs`, problem, expected }];
}

/** Throws ApiError INVALID_REQUEST when there is a problem with them. */
export function legsOf(body: PostTransferBody): readonly Leg[] {
  const problems = legProblems(body, { whole: 'body', prefix: '' });
  if (problems.length > 0) throw invalidRequest(problems);
  return (body.legs ?? [singleLegOf(body) as LegBody]).map(legOf);
}

function singleLegOf(body: PostTransferBody): Partial<LegBody> {
  const given = [...LEG_FIELDS, ...LEG_FIELDS_OPTIONAL].filter(
    (field) => body[field] !== undefined && body[field] !== null,
  );
  return Object.fromEntries(given.map((field) => [field, body[field]]));
}

/** The domain knows legs by number; callers who wrote one leg without a number do not. */
export function inCallersWords(rejection: Rejection, body: PostTransferBody): Rejection {
  return renamed(rejection, (text) => plainFor(body, text));
}

/** The same in a batch, for a rejection that names several transfers. */
export function batchInCallersWords(
  rejection: Rejection,
  bodies: readonly PostTransferBody[],
): Rejection {
  return renamed(rejection, (text) =>
    text.replace(/^(transfers\[(\d+)\]\.)(.*)$/s, (whole, item: string, index, rest: string) => {
      const body = bodies[Number(index)];
      return body ? item + plainFor(body, rest) : whole;
    }),
  );
}

function renamed(rejection: Rejection, rename: (text: string) => string): Rejection {
  const fields = rejection.fields.map((problem) => ({ ...problem, field: rename(problem.field) }));
  return { ...rejection, message: rename(rejection.message), fields };
}

/** The same for what a refusal has seen. */
export function refusalInCallersWords(refusal: Refusal, body: PostTransferBody): Refusal {
  const { conditions } = refusal.evidence;
  if (!conditions) return refusal;
  const named = conditions.map((seen) => ({ ...seen, field: plainFor(body, seen.field) }));
  return { ...refusal, evidence: { ...refusal.evidence, conditions: named } };
}

function legOf({ debit, credit, amount, currency, expectedVersions }: LegBody): Leg {
  const versions = expectedVersionsOf(expectedVersions);
  return { debit, credit, amount, currency, ...(versions && { expectedVersions: versions }) };
}

function plainFor(body: PostTransferBody, text: string): string {
  return isSeveral(body) ? text : text.replace(/^legs\[0\]\./, '');
}

function isSeveral(body: PostTransferBody): boolean {
  return body.legs !== undefined && body.legs !== null;
}
