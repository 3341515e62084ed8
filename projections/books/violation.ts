import { InvariantViolation } from '../../src/domain/errors.js';
import { type RecordedEvent } from '../../src/event-store/codec.js';

/** An event that cannot follow from what went before. */
export function violation(recorded: RecordedEvent, reason: string): InvariantViolation {
  return new InvariantViolation(told(recorded, reason));
}

/** Events of the ledger before this one were not seen. */
export class MissingEvents extends InvariantViolation {}

export function missingEvents(recorded: RecordedEvent, reason: string): MissingEvents {
  return new MissingEvents(told(recorded, reason));
}

function told({ ledger, revision, position, id }: RecordedEvent, reason: string): string {
  const event = `Event ${id} of ledger ${ledger} (revision ${revision}, position ${position})`;
  return `${event} cannot be applied: ${reason}`;
}
