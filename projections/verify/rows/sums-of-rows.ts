// The sums of some of the rows that events lead to.
import { type RecordedEvent } from '../../../src/event-store/codec.js';
import { type EventStore, type StoredEvent } from '../../../src/event-store/event-store.js';
import { type RowChange } from '../../engine/table.js';
import { type Finding } from '../finding.js';
import { FoldLog } from '../fold-log.js';
import { rowText } from './canonical.js';
import { ExpectedRows } from './expected-rows.js';
import { Fingerprints, bucketOf } from './fingerprints.js';

export interface SumsOfRowsOptions {
  readonly store: EventStore;
  readonly batches: AsyncIterable<readonly StoredEvent[]>;
  readonly isAskedFor: (change: RowChange) => boolean;
  /** Whether an event has led to rows by now. */
  readonly isApplied: (recorded: RecordedEvent) => boolean;
  /** Is told what is wrong with the log itself. */
  readonly tell: (finding: Finding) => void;
}

/** Throws EventStoreUnavailable, and what the batches throw. */
export async function sumsOfRows(options: SumsOfRowsOptions): Promise<Fingerprints> {
  const { store, batches, isAskedFor, isApplied, tell } = options;
  const sums = new Fingerprints();
  const add = (change: RowChange, times: 1 | -1) => {
    if (isAskedFor(change)) sums.addRow(bucketOf(change), rowText(change), times);
  };
  const rows = new ExpectedRows();
  const log = new FoldLog({
    ...{ store, tell },
    folds: [
      (recorded, history) => {
        if (!isApplied(recorded)) return;
        const { added, removed } = rows.apply(recorded, history);
        for (const change of added) add(change, 1);
        for (const change of removed) add(change, -1);
      },
    ],
  });
  for await (const batch of batches) await log.take(batch);
  for (const change of rows.latest()) add(change, 1);
  return sums;
}
