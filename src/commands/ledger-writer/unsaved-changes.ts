// Which values changed since the snapshot that is stored, whichever process wrote it. Changes are kept in
// spans of revisions: it is known only afterwards up to where the snapshot came, and then all spans
// before that are let go.
import { type SettledState } from '../../domain/ledger/state.js';
import { type ChangedKeys } from '../../domain/ledger/tracked-map.js';
import { VALUE_TABLES } from './state-tables.js';

/** Spans that are kept while nothing can be stored; after that everything counts as changed. */
const SPANS_MAX = 16;

interface Span {
  readonly upTo: number;
  readonly changed: ReadonlyMap<string, ChangedKeys>;
}

export class UnsavedChanges {
  private spans: Span[] = [];

  /** @param after the revision after which every change is noted. */
  constructor(private after: number) {}

  /** Ends the span that lasts until the state's revision. */
  closeSpan(state: SettledState): void {
    const changed = new Map(VALUE_TABLES.map((table) => [table.map, table.takeChanged(state)]));
    this.spans.push({ upTo: state.revision, changed });
    if (this.spans.length > SPANS_MAX) this.dropFirst();
  }

  /** What changed after a revision: undefined when that is too long ago to tell. */
  since(revision: number): ReadonlyMap<string, ReadonlySet<string>> | undefined {
    if (revision < this.after) return undefined;
    const keys = new Map<string, Set<string>>(VALUE_TABLES.map(({ map }) => [map, new Set()]));
    for (const { upTo, changed } of this.spans) {
      if (upTo <= revision) continue;
      for (const [map, ofSpan] of changed) {
        if (ofSpan === 'all') return undefined;
        for (const key of ofSpan) keys.get(map)?.add(key);
      }
    }
    return keys;
  }

  /** Up to this revision all is stored. */
  stored(revision: number): void {
    while ((this.spans[0]?.upTo ?? Infinity) <= revision) this.dropFirst();
  }

  private dropFirst(): void {
    this.after = this.spans.shift()?.upTo ?? this.after;
  }
}
