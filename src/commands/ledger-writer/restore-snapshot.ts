// From the parts of a snapshot back to the state that was folded.
import { setImmediate as othersHadTheirTurn } from 'node:timers/promises';
import { type SettledState } from '../../domain/ledger/state.js';
import {
  SnapshotDamaged,
  type SnapshotHead,
  type SnapshotPart,
  type SnapshotStore,
} from './snapshot-store.js';
import { RECORD_TABLES, VALUE_TABLES, restoreSummary, sizesOf } from './state-tables.js';

/** Values restored in one go: a few milliseconds in which no other ledger is served. */
const VALUES_AT_ONCE = 1_000;

/** Fills a state that was empty. Throws SnapshotDamaged, and what the store throws. */
export async function restoreSnapshot(
  store: SnapshotStore,
  ledger: string,
  head: SnapshotHead,
  state: SettledState,
): Promise<void> {
  let sizes: object = {};
  await store.read(ledger, head, async (part) => {
    if (part.kind === 'summary') {
      sizes = readable(() => restoreSummary(state, part.summary));
    } else if (part.kind === 'records') {
      readable(() => known(RECORD_TABLES, part.map).of(state).appendRecords(part.bytes));
      await othersHadTheirTurn();
    } else {
      await restoreValues(state, part);
    }
  });
  if (JSON.stringify(sizes) !== JSON.stringify(sizesOf(state))) {
    throw new SnapshotDamaged('a part of it is missing');
  }
  state.revision = head.revision;
}

async function restoreValues(
  state: SettledState,
  { map, entries }: Extract<SnapshotPart, { kind: 'values' }>,
): Promise<void> {
  const table = known(VALUE_TABLES, map);
  for (let from = 0; from < entries.length; from += VALUES_AT_ONCE) {
    const some = entries.slice(from, from + VALUES_AT_ONCE);
    readable(() => some.forEach(([key, text]) => table.restore(state, key, text)));
    await othersHadTheirTurn();
  }
}

function readable<T>(restore: () => T): T {
  try {
    return restore();
  } catch (error) {
    throw new SnapshotDamaged(`what it holds cannot be read: ${String(error)}`);
  }
}

function known<T extends { readonly map: string }>(tables: readonly T[], map: string): T {
  const table = tables.find((candidate) => candidate.map === map);
  if (!table) throw new SnapshotDamaged(`it holds ${map}, which is not known here`);
  return table;
}
