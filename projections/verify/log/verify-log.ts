// Reads the stream of one ledger from its first event to what is its last one now.
import { type EventStore } from '../../../src/event-store/event-store.js';
import { ledgerStream } from '../../../src/event-store/stream-names.js';
import { Findings, findingAt } from '../finding.js';
import { CHAIN_START, checkLink } from './chain.js';
import { lastEvent } from './last-event.js';

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
  readonly signal: AbortSignal;
  /** @param total is how many events there are. */
  readonly onProgress: (events: number, total: number) => void;
}

/** Throws LedgerMissing, EventStoreUnavailable, or the reason of the signal. */
export async function verifyLog(options: VerifyLogOptions): Promise<LogVerified> {
  const { store, ledger, signal, onProgress } = options;
  const { revision: last } = await lastEvent(store, ledger);
  const findings = new Findings();
  let events = 0;
  let end = CHAIN_START;
  for await (const stored of store.readStream(ledgerStream(ledger), { from: 0 })) {
    signal.throwIfAborted();
    const { next, discrepancies } = checkLink(end, stored);
    const place = { ledger, revision: stored.revision, id: stored.id };
    for (const discrepancy of discrepancies) findings.add(findingAt('log', place, discrepancy));
    end = next;
    events += 1;
    onProgress(events, last + 1);
    if (stored.revision >= last) break;
  }
  return { ledger, events, revision: end.revision, hash: end.hash, findings };
}
