// How a decided capture is answered. Made from the recorded event alone, so that a repeated request
// gets the same bytes as the first.
import { stateAfter } from '../../domain/ledger/transfer.js';
import {
  type CaptureRefused,
  type CaptureRequest,
  type TransferCaptured,
} from '../../domain/ledger/transfer-events.js';
import { type ApiError } from '../../platform/http/api-error.js';
import { type Place, refusalError } from '../refusal-error.js';

type Captured = TransferCaptured['data'];

export interface CaptureAnswer extends CaptureRequest {
  /** What the capture made of the transfer. */
  readonly state: ReturnType<typeof stateAfter>;
  /** What moved, leg by leg, and what is free again. */
  readonly legs: Captured['legs'];
  readonly released: Captured['released'];
  readonly totals: Captured['totals'];
  readonly revision: number;
  readonly balances: Captured['balances'];
}

export function captureAnswer({ type, data }: TransferCaptured, revision: number): CaptureAnswer {
  return {
    id: data.id,
    transfer: data.transfer,
    state: stateAfter(type, data.totals),
    parts: data.parts,
    final: data.final,
    legs: data.legs,
    released: data.released,
    totals: data.totals,
    effectiveAt: data.effectiveAt,
    recordedAt: data.recordedAt,
    revision,
    description: data.description,
    metadata: data.metadata,
    balances: data.balances,
  };
}

export function captureRefused({ data }: CaptureRefused, place: Place): ApiError {
  const { id, transfer, recordedAt, refusal } = data;
  return refusalError(refusal, { captureId: id, transferId: transfer, recordedAt }, place);
}
