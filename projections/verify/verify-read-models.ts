// Folds the log again and holds every row of the live read models against what comes of it. Both sides are
// added up at the same time, and looked at row by row only where their sums differ.
import { type Pool } from 'pg';
import { type EventStore } from '../../src/event-store/event-store.js';
import { type Table, isFolded } from '../engine/table.js';
import { appliedEvents } from './applied-events.js';
import { type Finding, Findings } from './finding.js';
import { type Bucket, bucketOf } from './rows/fingerprints.js';
import { BUCKETS_EXAMINED_MAX, lookInto } from './rows/look-into.js';
import { rowsInBucket } from './rows/stored-rows.js';
import { foldedSide, storedSide } from './sides.js';
import { type Snapshot, inSnapshot } from './snapshot.js';

export interface VerifyOptions {
  readonly store: EventStore;
  /** Of at least one connection. */
  readonly pool: Pool;
  readonly tables: readonly Table[];
  /** All of them when undefined. */
  readonly ledger: string | undefined;
  /** Up to where the log is audited, when that is further than it was applied. */
  readonly auditUpTo: bigint | undefined;
  readonly signal: AbortSignal;
  /** @param total is how many events were applied, as far as that is known. */
  readonly onProgress: (events: number, total: number) => void;
}

export interface Verified {
  readonly generation: number;
  /** The rows are those of the moment at which this was the last event applied; null before the first. */
  readonly position: string | null;
  readonly events: number;
  readonly rows: number;
  readonly findings: Findings;
  /** Parts of tables in which rows differ too, and were not looked at row by row. */
  readonly unexamined: number;
}

/** Throws NothingProjected, EventStoreUnavailable, the reason of the signal, or what Postgres says. */
export function verifyReadModels(asked: VerifyOptions): Promise<Verified> {
  const tables = asked.tables.filter(isFolded);
  const options = { ...asked, tables };
  return inSnapshot(options.pool, async (snapshot) => {
    const { checkpoint } = snapshot;
    const { generation, last } = checkpoint;
    const { store, ledger, onProgress } = options;
    const findings = new Findings();
    const tell = (finding: Finding) => findings.add(finding);
    const failed = new AbortController();
    const signal = AbortSignal.any([options.signal, failed.signal]);
    const position = furthest(last?.position, options.auditUpTo);
    const sides = [
      storedSide(snapshot, { ...options, signal, slices: asked.tables, tell }),
      foldedSide(snapshot, {
        ...{ store, tables, ledger, signal, tell },
        batches: appliedEvents({ store, ledger, position, signal }),
        onProgress: (events) => onProgress(events, checkpoint.events),
      }),
    ] as const;
    // Whichever side fails first takes the other with it.
    for (const side of sides) side.catch((error: unknown) => failed.abort(error));
    await Promise.allSettled(sides);
    const [stored, log] = await Promise.all(sides);
    const differing = stored.sums.differences(log.sums);
    const examined = differing.slice(0, BUCKETS_EXAMINED_MAX);
    for (const finding of await lookIntoBuckets(options, snapshot, examined)) tell(finding);
    return {
      ...{ generation, position: last?.position.toString() ?? null },
      ...{ events: log.events, rows: stored.rows, findings },
      unexamined: differing.length - examined.length,
    };
  });
}

function furthest(one: bigint | undefined, other: bigint | undefined): bigint | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one > other ? one : other;
}

function lookIntoBuckets(
  { store, signal }: VerifyOptions,
  snapshot: Snapshot,
  buckets: readonly Bucket[],
): Promise<Finding[]> {
  const position = snapshot.checkpoint.last?.position;
  return lookInto({
    ...{ store, isApplied: snapshot.isApplied },
    // What is wrong with the log was told by the first pass.
    tell: () => undefined,
    applied: (ledger) => appliedEvents({ store, ledger, position, signal }),
    places: buckets.map((bucket) => ({
      ...{ table: bucket.table, ledger: bucket.ledger },
      has: (change) => bucketOf(change).name === bucket.name,
      stored: () => rowsInBucket(snapshot, bucket),
    })),
  });
}
