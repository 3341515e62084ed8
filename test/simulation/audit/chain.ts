// The stream as a whole, whatever its events mean: numbered without a gap, each chained to the one before
// by hashes that are worked out anew, no id twice, and a time of recording that never goes back.
import { createHash } from 'node:crypto';
import { type StoredEvent } from '../../../src/event-store/event-store.js';
import { without } from '../without.js';
import { type Finding, type Rule } from './findings.js';

const FIRST_HASH = '0'.repeat(64);

export function auditChain(events: readonly StoredEvent[]): Finding[] {
  const findings: Finding[] = [];
  const ids = new Set<string>();
  let [hash, recordedAt] = [FIRST_HASH, ''];
  for (const [due, event] of events.entries()) {
    const where = `revision ${event.revision}`;
    const report = (rule: Rule, what: string) => findings.push({ rule, where, what });
    if (event.revision !== due) report('chain', `came where revision ${due} was due`);
    if (event.metadata['previousHash'] !== hash) report('chain', 'does not follow the one before');
    hash = hashOf(event, hash);
    if (event.metadata['hash'] !== hash) report('chain', 'does not match its hash');
    if (ids.has(event.id)) report('chain', `has the id ${event.id} of another event`);
    ids.add(event.id);
    const at = String(event.data['recordedAt']);
    if (at < recordedAt) report('time', `was recorded at ${at}, after one at ${recordedAt}`);
    recordedAt = at;
  }
  return findings;
}

/** What the event's hash has to be when it follows one with `previousHash`. */
export function hashOf(event: StoredEvent, previousHash: string): string {
  const { stream, revision, type, data } = event;
  const metadata = without(event.metadata, 'hash', 'previousHash');
  const content = JSON.stringify([previousHash, stream, revision, type, data, metadata]);
  return createHash('sha256').update(content).digest('hex');
}
