// Which ids a batch and its transfers get where the caller named none. They follow from what he did name,
// so that the same request always leads to the same ids.
import { randomUUID } from 'node:crypto';
import { v5 as uuidFromName } from 'uuid';
import { invalidRequest } from '../../platform/http/api-error.js';
import { transferIdOf } from '../idempotency.js';
import { type PostBatchBody } from './dto.js';

/** For ever, both of them: with others, the same requests would lead to other ids. */
const BATCH_NAMESPACE = '0b9e2f4c-58d3-4a0e-9f61-37c5d8a1e204';
const ITEM_NAMESPACE = 'c47a1d90-2e6b-4f38-8b75-e90f6a3d1c52';

export interface BatchIds {
  /** Of an atomic batch. */
  readonly batch: string;
  /** Of each transfer, in order. */
  readonly transfers: readonly string[];
}

/**
 * `key` is the `Idempotency-Key` header. Throws ApiError INVALID_REQUEST when ids are given that there are
 * not, or in two ways.
 */
export function batchIdsOf(
  ledger: string,
  { atomic, id, transfers }: PostBatchBody,
  key: string | undefined,
): BatchIds {
  if (!atomic && typeof id === 'string') {
    const problem = 'given for a batch that is not atomic';
    const expected = 'an id for each transfer: each is decided for itself';
    throw invalidRequest([{ field: 'id', problem, expected }]);
  }
  const isNamed = key !== undefined || typeof id === 'string';
  const batch = isNamed ? transferIdOf({ ledger, id, key }) : (nameFrom(transfers) ?? randomUUID());
  const itemId = (given: string | null | undefined, index: number) =>
    given ?? uuidFromName(`${batch}\n${index}`, ITEM_NAMESPACE);
  return { batch, transfers: transfers.map((transfer, index) => itemId(transfer.id, index)) };
}

/** A name that follows from the ids of all transfers; undefined unless each of them has one. */
function nameFrom(transfers: PostBatchBody['transfers']): string | undefined {
  const ids = transfers.flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
  if (ids.length < transfers.length) return undefined;
  return uuidFromName(ids.join('\n'), BATCH_NAMESPACE);
}
