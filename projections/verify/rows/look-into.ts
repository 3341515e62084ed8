// Where sums differ, the rows themselves: those that the log leads to are made once more, for these places
// only, and held against what is stored there.
import { type RecordedEvent } from '../../../src/event-store/codec.js';
import { type EventStore, type StoredEvent } from '../../../src/event-store/event-store.js';
import { type RowChange, type Table } from '../../engine/table.js';
import { type Finding } from '../finding.js';
import { FoldLog } from '../fold-log.js';
import { canonicalValues } from './canonical.js';
import { type ExpectedRow, differingRows, keyText } from './compare-rows.js';
import { ExpectedRows } from './expected-rows.js';
import { type StoredRow } from './stored-rows.js';

/** Buckets that are looked at row by row, by whoever looks. */
export const BUCKETS_EXAMINED_MAX = 50;

/** Some rows of one table and ledger. */
export interface Place {
  readonly table: Table;
  readonly ledger: string;
  readonly has: (change: RowChange) => boolean;
  readonly stored: () => Promise<StoredRow[]>;
}

export interface LookIntoOptions {
  readonly store: EventStore;
  readonly places: readonly Place[];
  /** The events of a ledger that have led to rows. */
  readonly applied: (ledger: string) => AsyncIterable<readonly StoredEvent[]>;
  readonly isApplied: (recorded: RecordedEvent) => boolean;
  /** Is told what is wrong with the log itself. */
  readonly tell: (finding: Finding) => void;
}

/** Throws EventStoreUnavailable, or what Postgres says. */
export async function lookInto(options: LookIntoOptions): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const ledger of new Set(options.places.map((place) => place.ledger))) {
    const places = options.places.filter((place) => place.ledger === ledger);
    const expected = await expectedRows(ledger, places, options);
    for (const place of places) {
      const due = expected.get(place) ?? new Map<string, ExpectedRow>();
      findings.push(...differingRows(place.table, due, await place.stored()));
    }
  }
  return findings;
}

type ByPlace = Map<Place, Map<string, ExpectedRow>>;

async function expectedRows(
  ledger: string,
  places: readonly Place[],
  { store, applied, isApplied, tell }: LookIntoOptions,
): Promise<ByPlace> {
  const found: ByPlace = new Map(places.map((place) => [place, new Map<string, ExpectedRow>()]));
  const collect = (change: RowChange, { revision, eventId }: Omit<ExpectedRow, 'values'>) => {
    const places = [...found.keys()].filter(
      ({ table, has }) => table === change.table && has(change),
    );
    if (places.length === 0) return;
    const values = canonicalValues(change);
    const row = { values, revision, eventId };
    for (const place of places) found.get(place)?.set(keyText(change.table, values), row);
  };
  const rows = new ExpectedRows();
  const log = new FoldLog({
    ...{ store, tell },
    folds: [
      (recorded, history) => {
        if (!isApplied(recorded)) return;
        const place = { revision: recorded.revision, eventId: recorded.id };
        for (const change of rows.apply(recorded, history).added) collect(change, place);
      },
    ],
  });
  for await (const batch of applied(ledger)) await log.take(batch);
  for (const change of rows.latest()) {
    const { revision, event_id: eventId } = change.row;
    collect(change, { revision: Number(revision), eventId: String(eventId) });
  }
  return found;
}
