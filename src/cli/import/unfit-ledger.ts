// Why the events of a file cannot follow what a ledger has already.
import { Failure } from '../../platform/failure.js';

export function eventsMissing(ledger: string, first: number, next: number): Failure {
  const there = next === 0 ? 'does not exist here' : `ends at revision ${next - 1} here`;
  return new Failure(
    'refused',
    `The file begins with revision ${first}, and ledger "${ledger}" ${there}: ` +
      'import the export of what comes before it first.',
  );
}

export function anotherLedger(ledger: string, revision: number): Failure {
  return new Failure(
    'refused',
    `There is another ledger "${ledger}" in this event store: ` +
      `its event at revision ${revision} is not the one of the file. Nothing of it was changed.`,
  );
}
