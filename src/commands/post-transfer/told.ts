// What became of a transfer, as whoever asked for it is told: alone, or as one of many.
import { InvariantViolation } from '../../domain/errors.js';
import { type CommandOutcome } from '../ledger-writer/ledger-writers.js';
import { recordedOr } from '../recorded.js';
import { type PostTransferBody } from './dto.js';
import { inCallersWords, refusalInCallersWords } from './legs.js';
import { type TransferAnswer, transferAnswer, transferRefused } from './transfer-answer.js';

export interface TransferTold {
  readonly transfer: TransferAnswer;
  /** The same request was decided before. */
  readonly replayed: boolean;
}

/** Throws ApiError when the transfer was refused or turned away, in the words of the caller's `body`. */
export function transferToldOf(outcome: CommandOutcome, body: PostTransferBody): TransferTold {
  const { event, revision, replayed } = recordedOr(inWordsOf(body, outcome));
  if (event.type === 'TransferRefused') {
    const refusal = refusalInCallersWords(event.data.refusal, body);
    throw transferRefused(event, { revision, replayed }, refusal);
  }
  if (event.type !== 'TransferPosted' && event.type !== 'TransferHeld') {
    throw new InvariantViolation(`A transfer was decided by a ${event.type}`);
  }
  return { transfer: transferAnswer(event, revision), replayed };
}

function inWordsOf(body: PostTransferBody, outcome: CommandOutcome): CommandOutcome {
  if (outcome.kind !== 'rejected') return outcome;
  return { ...outcome, rejection: inCallersWords(outcome.rejection, body) };
}
