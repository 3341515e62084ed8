// Verifies everything without being in anybody's way: the stored side is added up in one short snapshot,
// the log is then folded at a bounded rate. Only where something differs is it looked into at once.
import { setTimeout as delay } from 'node:timers/promises';
import { type Pool } from 'pg';
import { type EventStore, type StoredEvent } from '../../../src/event-store/event-store.js';
import { TABLES } from '../../engine/generations.js';
import { isFolded } from '../../engine/table.js';
import { appliedEvents } from '../applied-events.js';
import { type Finding, Findings } from '../finding.js';
import { foldedSide, storedSide } from '../sides.js';
import { inSnapshot } from '../snapshot.js';
import { verifyReadModels } from '../verify-read-models.js';
import { viewFindings } from '../view-findings.js';
import { type WholeVerified } from '../verification-record.js';

/** Events folded in a second, at most. */
const EVENTS_PER_SECOND_MAX = 2_000;
/** Events folded at a stretch, between which the process sees to other things: some milliseconds. */
const STRETCH_EVENTS = 50;
/** Ledgers that are looked into when rows differ; in others it is only known that they do. */
const LEDGERS_EXAMINED_MAX = 10;

const FOLDED = TABLES.filter(isFolded);

export interface VerifySlowlyOptions {
  readonly store: EventStore;
  /** Of at least one connection. */
  readonly pool: Pool;
  readonly signal: AbortSignal;
}

/** Throws NothingProjected, EventStoreUnavailable, the reason of the signal, or what Postgres says. */
export async function verifySlowly(options: VerifySlowlyOptions): Promise<WholeVerified> {
  const { store, pool, signal } = options;
  const findings = new Findings();
  const tell = (finding: Finding) => findings.add(finding);
  const all = { tables: FOLDED, ledger: undefined, signal, tell };
  const { stored, ...snapshot } = await inSnapshot(pool, async (seen) => {
    const side = await storedSide(seen, { ...all, slices: TABLES });
    const { checkpoint, parked, isApplied } = seen;
    return { stored: side, checkpoint, parked, isApplied };
  });
  const { generation, last } = snapshot.checkpoint;
  const events = appliedEvents({ store, ledger: undefined, position: last?.position, signal });
  const folded = await foldedSide(snapshot, {
    ...{ ...all, store },
    batches: slowly(events, signal),
    onProgress: () => undefined,
  });
  const differing = stored.sums.differences(folded.sums);
  const ledgers = [...new Set(differing.map(({ ledger }) => ledger))];
  for (const ledger of ledgers.slice(0, LEDGERS_EXAMINED_MAX)) {
    for (const finding of await rowFindings(ledger, options)) tell(finding);
  }
  for (const finding of await viewFindings(pool)) tell(finding);
  return { generation, position: last?.position.toString() ?? null, findings };
}

async function* slowly(
  batches: AsyncIterable<readonly StoredEvent[]>,
  signal: AbortSignal,
): AsyncGenerator<readonly StoredEvent[]> {
  for await (const batch of batches) {
    for (let first = 0; first < batch.length; first += STRETCH_EVENTS) {
      const startedAt = performance.now();
      const stretch = batch.slice(first, first + STRETCH_EVENTS);
      yield stretch;
      const due = (1_000 * stretch.length) / EVENTS_PER_SECOND_MAX;
      const left = Math.max(0, due - (performance.now() - startedAt));
      await delay(left, undefined, { signal });
    }
  }
}

// As they are by now: what somebody put right meanwhile is not found any more.
async function rowFindings(
  ledger: string,
  { store, pool, signal }: VerifySlowlyOptions,
): Promise<readonly Finding[]> {
  const { findings } = await verifyReadModels({
    ...{ store, pool, signal, tables: FOLDED, ledger, auditUpTo: undefined },
    onProgress: () => undefined,
  });
  return findings.told.filter(({ check }) => check === 'rows');
}
