import { type PostBatch } from '../../domain/ledger/post-batch.js';
import { type PostTransfer } from '../../domain/ledger/post-transfer.js';
import { utcNow } from '../../platform/clock.js';
import { invalidRequest } from '../../platform/http/api-error.js';
import { postTransferOf } from '../post-transfer/command-of.js';
import { legProblems } from '../post-transfer/legs.js';
import { type BatchIds } from './batch-ids.js';
import { type PostBatchBody } from './dto.js';

/** What a request asks of the ledger. Throws ApiError INVALID_REQUEST like `transfersOf`. */
export function postBatchOf(ids: BatchIds, body: PostBatchBody): PostBatch {
  return { type: 'PostBatch', id: ids.batch, transfers: transfersOf(ids, body), now: utcNow() };
}

/** Throws ApiError INVALID_REQUEST, which names everything that is wrong with legs. */
export function transfersOf({ transfers: ids }: BatchIds, body: PostBatchBody): PostTransfer[] {
  const problems = body.transfers.flatMap((transfer, index) => {
    const whole = `transfers[${index}]`;
    return legProblems(transfer, { whole, prefix: `${whole}.` });
  });
  if (problems.length > 0) throw invalidRequest(problems);
  return body.transfers.map((transfer, index) => postTransferOf(ids[index] ?? '', transfer));
}
