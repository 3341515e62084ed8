// How a recorded refusal is answered. Made from the recorded event alone, so that a repeated request
// gets the same bytes as the first.
import { type Refusal } from '../domain/errors.js';
import { ApiError } from '../platform/http/api-error.js';
import { REPLAYED_HEADER } from './idempotency.js';

/** Where a refusal was recorded, and whether long ago. */
export interface Place {
  readonly revision: number;
  readonly replayed: boolean;
}

/** `about`: what was refused, by its ids, and when. */
export function refusalError(
  { code, message, evidence }: Refusal,
  about: Readonly<Record<string, unknown>>,
  { revision, replayed }: Place,
): ApiError {
  return new ApiError(code, message, {
    details: { ...about, evidence },
    meta: { revision },
    ...(replayed && { headers: { [REPLAYED_HEADER]: 'true' } }),
  });
}
