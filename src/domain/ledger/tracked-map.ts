// The lowest layer of what changes: a map that can tell which of its keys changed lately, so that a
// copy of it elsewhere is brought up to date without being written whole.

/** Changed keys that are remembered; with more of them, every key counts as changed. */
const CHANGED_MAX = 100_000;

/** Keys that changed; `all` when they are too many to tell. */
export type ChangedKeys = ReadonlySet<string> | 'all';

export class TrackedMap<V> {
  private readonly own = new Map<string, V>();
  private changed: Set<string> | 'all' = new Set();

  /** A value that it does not keep is forgotten, and whatever was under its key. */
  constructor(private readonly keeps: (value: V) => boolean = () => true) {}

  get size(): number {
    return this.own.size;
  }

  get(key: string): V | undefined {
    return this.own.get(key);
  }

  set(key: string, value: V): void {
    if (this.keeps(value)) this.own.set(key, value);
    else this.own.delete(key);
    if (this.changed === 'all') return;
    this.changed.add(key);
    if (this.changed.size > CHANGED_MAX) this.changed = 'all';
  }

  /** Sets what is in the copy already. */
  restore(key: string, value: V): void {
    this.own.set(key, value);
  }

  values(): IterableIterator<V> {
    return this.own.values();
  }

  /** All there are, keys and values in the same order. */
  all(): { readonly keys: string[]; readonly values: V[] } {
    return { keys: [...this.own.keys()], values: [...this.own.values()] };
  }

  /** What changed since the last call. */
  takeChanged(): ChangedKeys {
    const changed = this.changed;
    this.changed = new Set();
    return changed;
  }
}
