// How a decided transfer is answered. Made from the recorded event alone, so that a repeated request
// gets the same bytes as the first.
import {
  type ResultingBalance,
  type TransferPosted,
  type TransferRefused,
  type TransferRequest,
} from '../../domain/ledger/transfer-events.js';
import { ApiError } from '../../platform/http/api-error.js';
import { REPLAYED_HEADER } from './idempotency.js';

export interface TransferAnswer extends TransferRequest {
  readonly state: 'posted';
  readonly revision: number;
  /** Every account touched, as the transfer left it. */
  readonly balances: readonly ResultingBalance[];
}

export function transferAnswer({ data }: TransferPosted, revision: number): TransferAnswer {
  return {
    id: data.id,
    state: 'posted',
    legs: data.legs,
    effectiveAt: data.effectiveAt,
    recordedAt: data.recordedAt,
    revision,
    reference: data.reference,
    description: data.description,
    metadata: data.metadata,
    balances: data.balances,
  };
}

export function refusalAnswer(
  { data }: TransferRefused,
  { revision, replayed }: { revision: number; replayed: boolean },
): ApiError {
  const { code, message, evidence } = data.refusal;
  return new ApiError(code, message, {
    details: { transferId: data.id, recordedAt: data.recordedAt, evidence },
    meta: { revision },
    ...(replayed && { headers: { [REPLAYED_HEADER]: 'true' } }),
  });
}
