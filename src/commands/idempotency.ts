// Which id a transfer, a batch or an act on a transfer gets. The id is the idempotency key: what is decided
// under it is decided for ever. All of them share one set of ids, so a key serves for one request only.
import { randomUUID } from 'node:crypto';
import { ApiHeader } from '@nestjs/swagger';
import { v5 as uuidFromName } from 'uuid';
import { invalidRequest } from '../platform/http/api-error.js';

export const IDEMPOTENCY_KEY_HEADER = 'Idempotency-Key';
export const REPLAYED_HEADER = 'Idempotency-Replayed';
const KEY_PATTERN = /^[\x20-\x7e]{1,255}$/;
/** For ever: with another one, keys used before would lead to other ids. */
const KEY_NAMESPACE = '6d1f3c0e-94a5-4f5b-8f0a-2c7a54d0b6e3';

export const ApiIdempotencyKey = () =>
  ApiHeader({ name: IDEMPOTENCY_KEY_HEADER, required: false, description: 'Instead of `id`' });

export interface GivenIds {
  readonly ledger: string;
  readonly id: string | null | undefined;
  /** The `Idempotency-Key` header. */
  readonly key: string | undefined;
}

/** The caller's id, or one that always follows from the key, or a new one. Throws ApiError. */
export function transferIdOf({ ledger, id, key }: GivenIds): string {
  if (key === undefined) return id ?? randomUUID();
  if (typeof id === 'string') {
    const problem = `given together with the header ${IDEMPOTENCY_KEY_HEADER}`;
    throw invalidRequest([{ field: 'id', problem, expected: 'one of the two' }]);
  }
  if (!KEY_PATTERN.test(key)) {
    const expected = '1 to 255 printable ASCII characters';
    const field = IDEMPOTENCY_KEY_HEADER;
    throw invalidRequest([{ field, problem: 'not an idempotency key', expected }]);
  }
  return uuidFromName(`${ledger}\n${key}`, KEY_NAMESPACE);
}
