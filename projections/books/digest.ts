// The digest of an account: a chain over its entries in their order, so that two accounts with the same
// digest have the same entries. Anybody can recompute it: docs/verification.md says how.
import { hash } from 'node:crypto';
import { type MinorUnits } from '../../src/domain/money.js';

/** Of an account without entries. */
export const EMPTY_DIGEST = '0'.repeat(64);

/** One entry of an account, with what its digest covers. */
export interface DigestedEntry {
  readonly eventId: string;
  readonly revision: number;
  readonly batchIndex: number;
  readonly leg: number;
  /** Debits are above zero, credits below. */
  readonly units: MinorUnits;
}

/** The digest after one more entry: SHA-256 in 64 hexadecimal digits. */
export function nextDigest(digest: string, entry: DigestedEntry): string {
  const { eventId, revision, batchIndex, leg, units } = entry;
  return hash('sha256', `${digest} ${eventId} ${revision} ${batchIndex} ${leg} ${units}`, 'hex');
}
