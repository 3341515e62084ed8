// How a decided void is answered. Made from the recorded event alone, so that a repeated request gets the
// same bytes as the first.
import { stateAfter } from '../../domain/ledger/transfer.js';
import {
  type TransferVoided,
  type VoidRefused,
  type VoidRequest,
} from '../../domain/ledger/transfer-events.js';
import { type ApiError } from '../../platform/http/api-error.js';
import { type Place, refusalError } from '../refusal-error.js';

type Voided = TransferVoided['data'];

export interface VoidAnswer extends VoidRequest {
  /** What the void made of the transfer. */
  readonly state: ReturnType<typeof stateAfter>;
  /** What is free again, leg by leg. */
  readonly released: Voided['released'];
  readonly totals: Voided['totals'];
  readonly revision: number;
  readonly balances: Voided['balances'];
}

export function voidAnswer({ type, data }: TransferVoided, revision: number): VoidAnswer {
  return {
    id: data.id,
    transfer: data.transfer,
    state: stateAfter(type, data.totals),
    parts: data.parts,
    reason: data.reason,
    released: data.released,
    totals: data.totals,
    recordedAt: data.recordedAt,
    revision,
    balances: data.balances,
  };
}

export function voidRefused({ data }: VoidRefused, place: Place): ApiError {
  const { id, transfer, recordedAt, refusal } = data;
  return refusalError(refusal, { voidId: id, transferId: transfer, recordedAt }, place);
}
