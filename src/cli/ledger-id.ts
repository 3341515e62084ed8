import { LEDGER_ID_EXPECTED, LEDGER_ID_PATTERN } from '../domain/ledger/open-ledger.js';
import { Failure } from '../platform/failure.js';

/** Throws a Failure when it cannot be the id of a ledger. */
export function checkLedgerId(ledger: string): void {
  if (LEDGER_ID_PATTERN.test(ledger)) return;
  throw new Failure('usage', `"${ledger}" is not a ledger id: use ${LEDGER_ID_EXPECTED}.`);
}
