// How an atomic batch is answered. Made from the recorded event alone, so that a repeated request gets the
// same bytes as the first.
import {
  type BatchItemRefusal,
  type BatchPosted,
  type BatchRefused,
  type ResultingBalance,
} from '../../domain/ledger/transfer-events.js';
import { typeInBatch } from '../../domain/ledger/transfer.js';
import { type ApiError } from '../../platform/http/api-error.js';
import { ERROR_CATALOGUE } from '../../platform/http/error-catalogue.js';
import { type PostTransferBody } from '../post-transfer/dto.js';
import { refusalInCallersWords } from '../post-transfer/legs.js';
import { type TransferMade, transferMade } from '../post-transfer/transfer-answer.js';
import { type Place, refusalError } from '../refusal-error.js';

export interface BatchAnswer {
  readonly id: string;
  readonly transfers: readonly TransferMade[];
  readonly recordedAt: string;
  readonly revision: number;
  /** Every account touched, as all of the transfers together left it. */
  readonly balances: readonly ResultingBalance[];
}

export function batchAnswer({ data }: BatchPosted, revision: number): BatchAnswer {
  const { id, recordedAt, balances } = data;
  const transfers = data.transfers.map((request) =>
    transferMade({ type: typeInBatch(request), data: request }, revision),
  );
  return { id, transfers, recordedAt, revision, balances };
}

/** `bodies`: the transfers as the caller wrote them. */
export function batchRefused(
  { data }: BatchRefused,
  place: Place,
  bodies: readonly PostTransferBody[],
): ApiError {
  const { id, recordedAt, refusal } = data;
  const refusals = data.refusals.map((item) => itemRefusal(item, bodies[item.index]));
  return refusalError(refusal, { batchId: id, recordedAt, refusals }, place);
}

function itemRefusal(
  { index, id, refusal }: BatchItemRefusal,
  body: PostTransferBody | undefined,
): object {
  const { code, message, evidence } = body ? refusalInCallersWords(refusal, body) : refusal;
  return { index, id, code, number: ERROR_CATALOGUE[code].number, message, evidence };
}
