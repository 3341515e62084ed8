// What became of a command, for whoever has to answer for it.
import { InvariantViolation } from '../domain/errors.js';
import { ApiError, fieldDetails } from '../platform/http/api-error.js';
import { type CommandOutcome } from './ledger-writer/ledger-writers.js';

type Accepted = Exclude<CommandOutcome, { kind: 'rejected' }>;
type Recorded = Extract<CommandOutcome, { kind: 'recorded' }>;

/** The outcome of a command. Throws ApiError with the rejection's code when it was turned away. */
export function acceptedOr(outcome: CommandOutcome): Accepted {
  if (outcome.kind !== 'rejected') return outcome;
  const { code, message, fields, evidence } = outcome.rejection;
  const details = {
    ...(fields.length > 0 && fieldDetails(fields)),
    ...(evidence && { evidence }),
  };
  throw new ApiError(code, message, { details });
}

/** The same, of a command that never leaves things unchanged. */
export function recordedOr(outcome: CommandOutcome): Recorded {
  const accepted = acceptedOr(outcome);
  if (accepted.kind === 'recorded') return accepted;
  throw new InvariantViolation('A command that is always recorded left things unchanged');
}
