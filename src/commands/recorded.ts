// What became of a command, for whoever has to answer for it.
import { ApiError } from '../platform/http/api-error.js';
import { type CommandOutcome } from './ledger-writer/ledger-writers.js';

export type Recorded = Extract<CommandOutcome, { kind: 'recorded' }>;

/** The recorded outcome. Throws ApiError with the rejection's code when nothing was recorded. */
export function recordedOr(outcome: CommandOutcome): Recorded {
  if (outcome.kind === 'recorded') return outcome;
  const { code, message, fields } = outcome.rejection;
  throw new ApiError(code, message, fields.length > 0 ? { details: { fields } } : {});
}
