// The two sides of a comparison: what is stored, and what the log leads to. Each is added up by itself.
import { type EventStore, type StoredEvent } from '../../src/event-store/event-store.js';
import { type Table } from '../engine/table.js';
import { checkpointFindings } from './checkpoint-findings.js';
import { type Finding } from './finding.js';
import { type FoldedSums, foldSums } from './fold-sums.js';
import { placeFindings } from './places.js';
import { Fingerprints } from './rows/fingerprints.js';
import { type StoredGeneration, addStored } from './rows/stored-rows.js';
import { checkSlices } from './slices/check-slices.js';
import { type Snapshot } from './snapshot.js';

export interface StoredSide {
  readonly sums: Fingerprints;
  readonly rows: number;
}

export interface StoredSideOptions {
  readonly tables: readonly Table[];
  /** Those among these that are slices are held against the entries. */
  readonly slices: readonly Table[];
  readonly ledger: string | undefined;
  readonly signal: AbortSignal;
  readonly tell: (finding: Finding) => void;
}

/** Throws the reason of the signal, or what Postgres says. */
export async function storedSide(
  snapshot: StoredGeneration,
  { tables, slices, ledger, signal, tell }: StoredSideOptions,
): Promise<StoredSide> {
  const sums = new Fingerprints();
  let rows = 0;
  for (const table of tables) {
    signal.throwIfAborted();
    rows += await addStored(snapshot, { table, ledger }, sums);
  }
  await checkSlices(snapshot, { tables: slices, ledger, signal, tell });
  return { sums, rows };
}

export interface FoldedSideOptions {
  readonly store: EventStore;
  readonly tables: readonly Table[];
  readonly ledger: string | undefined;
  readonly batches: AsyncIterable<readonly StoredEvent[]>;
  readonly signal: AbortSignal;
  readonly tell: (finding: Finding) => void;
  readonly onProgress: (events: number) => void;
}

/** Throws EventStoreUnavailable, and what the batches throw. */
export async function foldedSide(
  snapshot: Pick<Snapshot, 'checkpoint' | 'parked' | 'isApplied'>,
  options: FoldedSideOptions,
): Promise<FoldedSums> {
  const { checkpoint, isApplied } = snapshot;
  const { store, tables, ledger, batches, onProgress, signal } = options;
  const wanted = new Set(tables);
  let isWhole = ledger === undefined;
  const tell = (finding: Finding) => {
    isWhole = false;
    options.tell(finding);
  };
  const folded = await foldSums({ store, tables: wanted, batches, isApplied, tell, onProgress });
  const { last, applied } = folded;
  const counted = { last, applied: isWhole ? applied : undefined };
  for (const finding of checkpointFindings(checkpoint, ledger, counted)) options.tell(finding);
  const places = { store, ledger, signal };
  for await (const finding of placeFindings(snapshot, places)) options.tell(finding);
  return folded;
}
