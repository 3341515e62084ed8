import { InvariantViolation } from '../../src/domain/errors.js';
import { type RecordedEvent } from '../../src/event-store/codec.js';

/** An event that cannot follow from what went before. */
export function violation(recorded: RecordedEvent, reason: string): InvariantViolation {
  const { ledger, revision, position, id } = recorded;
  return new InvariantViolation(
    `Event ${id} of ledger ${ledger} (revision ${revision}, position ${position}) cannot be applied: ${reason}`,
  );
}
