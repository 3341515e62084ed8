import { type PostTransfer } from '../../domain/ledger/post-transfer.js';
import { utcNow } from '../../platform/clock.js';
import { utcOf } from '../../platform/http/instant.js';
import { conditionsOf } from './conditions.js';
import { type PostTransferBody } from './dto.js';
import { legsOf } from './legs.js';
import { pendingOf } from './pending.js';

/**
 * What a request asks of the ledger, whether it came over HTTP or in a file. `id` is that of the body, or
 * the one it was given. Throws ApiError INVALID_REQUEST when its legs are not well written.
 */
export function postTransferOf(id: string, body: PostTransferBody): PostTransfer {
  return {
    type: 'PostTransfer',
    id,
    legs: legsOf(body),
    effectiveAt: utcOf(body.effectiveAt) ?? null,
    reference: body.reference ?? null,
    description: body.description ?? null,
    metadata: body.metadata ?? {},
    conditions: conditionsOf(body.conditions),
    pending: pendingOf(body.pending),
    now: utcNow(),
  };
}
