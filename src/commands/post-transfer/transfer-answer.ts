// How a decided transfer is answered. Made from the recorded event alone, so that a repeated request
// gets the same bytes as the first.
import { type Refusal } from '../../domain/errors.js';
import {
  type LegTotals,
  type ResultingBalance,
  type TransferHeld,
  type TransferPosted,
  type TransferRefused,
  type TransferRequest,
} from '../../domain/ledger/transfer-events.js';
import { type ApiError } from '../../platform/http/api-error.js';
import { type Place, refusalError } from '../refusal-error.js';

export interface TransferAnswer extends TransferRequest {
  /** What it was right after it was decided, whatever became of it since. */
  readonly state: 'posted' | 'pending';
  readonly revision: number;
  /** Of a reversal: what it left of each leg of the transfer that it turns back. */
  readonly totals?: readonly LegTotals[];
  /** Every account touched, as the transfer left it. */
  readonly balances: readonly ResultingBalance[];
}

export function transferAnswer(
  event: TransferPosted | TransferHeld,
  revision: number,
): TransferAnswer {
  const totals = event.type === 'TransferPosted' ? event.data.totals : undefined;
  return {
    ...transferMade(event, revision),
    ...(totals && { totals }),
    balances: event.data.balances,
  };
}

/** A transfer without what it left: of an atomic batch, only the whole leaves anything. */
export type TransferMade = Omit<TransferAnswer, 'totals' | 'balances'>;

export function transferMade(
  {
    type,
    data,
  }: { readonly type: 'TransferPosted' | 'TransferHeld'; readonly data: TransferRequest },
  revision: number,
): TransferMade {
  const { conditions, pending, reverses, exchange } = data;
  return {
    id: data.id,
    state: type === 'TransferPosted' ? 'posted' : 'pending',
    legs: data.legs,
    effectiveAt: data.effectiveAt,
    recordedAt: data.recordedAt,
    revision,
    reference: data.reference,
    description: data.description,
    metadata: data.metadata,
    ...(conditions && { conditions }),
    ...(pending && { pending }),
    ...(reverses && { reverses }),
    ...(exchange && { exchange }),
  };
}

/** `refusal`: that of the event, in the words of the caller. */
export function transferRefused(
  { data }: TransferRefused,
  place: Place,
  refusal: Refusal = data.refusal,
): ApiError {
  return refusalError(refusal, { transferId: data.id, recordedAt: data.recordedAt }, place);
}
