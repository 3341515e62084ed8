// How a batch that is not atomic is answered: with what each of its transfers would have been answered
// alone.
import { ApiError } from '../../platform/http/api-error.js';
import { type ErrorAnswer } from '../../platform/http/answer.js';
import { errorAnswer } from '../../platform/http/error-filter.js';
import { ERROR_CATALOGUE } from '../../platform/http/error-catalogue.js';
import { REPLAYED_HEADER } from '../idempotency.js';
import { type CommandOutcome } from '../ledger-writer/ledger-writers.js';
import { type PostTransferBody } from '../post-transfer/dto.js';
import { transferToldOf } from '../post-transfer/told.js';
import { type TransferAnswer } from '../post-transfer/transfer-answer.js';

/** `replayed`: the same request was decided before. */
export type OutcomeAnswer =
  | { readonly status: 201; readonly replayed: boolean; readonly transfer: TransferAnswer }
  | {
      /** An HTTP status. */
      readonly status: number;
      readonly replayed: boolean;
      readonly error: ErrorAnswer['error'];
    };

export function outcomeAnswer(outcome: CommandOutcome, body: PostTransferBody): OutcomeAnswer {
  try {
    const { transfer, replayed } = transferToldOf(outcome, body);
    return { status: 201, replayed, transfer };
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown;
    const { status } = ERROR_CATALOGUE[thrown.code];
    const replayed = thrown.context.headers?.[REPLAYED_HEADER] === 'true';
    return { status, replayed, error: errorAnswer(thrown).error };
  }
}

/** The last revision at which any of them was recorded. */
export function lastRevisionOf(outcomes: readonly CommandOutcome[]): number | undefined {
  const revisions = outcomes.flatMap((each) => (each.kind === 'recorded' ? [each.revision] : []));
  return revisions.length === 0 ? undefined : Math.max(...revisions);
}
