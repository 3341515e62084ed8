// Reads the stream of one ledger from its first event to what is its last one now. A stream by itself does
// not show what is missing at its end: for that it is held against what was applied to the read models.
import { type EventStore } from '../../../src/event-store/event-store.js';
import { ledgerStream } from '../../../src/event-store/stream-names.js';
import { Findings, findingAt } from '../finding.js';
import { CHAIN_START, checkLink } from './chain.js';
import { type AppliedPlace } from './last-applied.js';
import { LedgerMissing, lastEvent } from './last-event.js';

export interface LogVerified {
  readonly ledger: string;
  /** Events read. */
  readonly events: number;
  /** Of the last event, which all before it are chained to. */
  readonly revision: number;
  readonly hash: string;
  readonly findings: Findings;
}

export interface VerifyLogOptions {
  readonly store: EventStore;
  readonly ledger: string;
  /** The last event that the read models know of, when they know of any. */
  readonly applied: AppliedPlace | undefined;
  readonly signal: AbortSignal;
  /** @param total is how many events there are. */
  readonly onProgress: (events: number, total: number) => void;
}

/** Throws LedgerMissing, EventStoreUnavailable, or the reason of the signal. */
export async function verifyLog(options: VerifyLogOptions): Promise<LogVerified> {
  const { store, ledger, applied, signal, onProgress } = options;
  const last = await lastRevision(options);
  const findings = new Findings();
  let events = 0;
  let end = CHAIN_START;
  let found = 'none';
  for await (const stored of store.readStream(ledgerStream(ledger), { from: 0 })) {
    signal.throwIfAborted();
    const { next, discrepancies } = checkLink(end, stored);
    const place = { ledger, revision: stored.revision, id: stored.id };
    for (const discrepancy of discrepancies) findings.add(findingAt('log', place, discrepancy));
    if (stored.revision === applied?.revision) found = stored.id;
    end = next;
    events += 1;
    onProgress(events, last + 1);
    if (stored.revision >= last) break;
  }
  if (applied && found !== applied.id) {
    const expected = `event ${applied.id}, the last one applied to the read models`;
    const texts = {
      what: 'end of the log',
      expected,
      found: `${found}: an older copy, or another log`,
    };
    findings.add(findingAt('log', { ledger, ...applied }, texts));
  }
  return { ledger, events, revision: end.revision, hash: end.hash, findings };
}

async function lastRevision({ store, ledger, applied }: VerifyLogOptions): Promise<number> {
  try {
    return (await lastEvent(store, ledger)).revision;
  } catch (error) {
    if (applied && error instanceof LedgerMissing) return -1;
    throw error;
  }
}
