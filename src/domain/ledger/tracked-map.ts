// The lowest layer of what changes: a map that can tell which of its keys changed lately, so that a
// copy of it elsewhere is brought up to date without being written whole. What comes from such a copy
// stays as it was written until it is asked for: of a million accounts few are needed at once.

/** Changed keys that are remembered; with more of them, every key counts as changed. */
const CHANGED_MAX = 100_000;

/** Keys that changed; `all` when they are too many to tell. */
export type ChangedKeys = ReadonlySet<string> | 'all';

/** A value as it was written. */
export class Unread<V> {
  constructor(
    readonly text: string,
    readonly read: (key: string, text: string) => V,
  ) {}
}

export class TrackedMap<V> {
  private readonly own = new Map<string, V | Unread<V>>();
  private changed: Set<string> | 'all' = new Set();

  /** A value that it does not keep is forgotten, and whatever was under its key. */
  constructor(private readonly keeps: (value: V) => boolean = () => true) {}

  get size(): number {
    return this.own.size;
  }

  get(key: string): V | undefined {
    const value = this.own.get(key);
    if (!(value instanceof Unread)) return value;
    const read = value.read(key, value.text);
    this.own.set(key, read);
    return read;
  }

  set(key: string, value: V): void {
    if (this.keeps(value)) this.own.set(key, value);
    else this.own.delete(key);
    if (this.changed === 'all') return;
    this.changed.add(key);
    if (this.changed.size > CHANGED_MAX) this.changed = 'all';
  }

  /** Sets what is in the copy already. */
  restore(key: string, value: Unread<V>): void {
    this.own.set(key, value);
  }

  *values(): Generator<V> {
    for (const key of this.own.keys()) {
      const value = this.get(key);
      if (value !== undefined) yield value;
    }
  }

  /** All there are, keys and values in the same order. */
  all(): { readonly keys: string[]; readonly values: (V | Unread<V>)[] } {
    return { keys: [...this.own.keys()], values: [...this.own.values()] };
  }

  /** What changed since the last call. */
  takeChanged(): ChangedKeys {
    const changed = this.changed;
    this.changed = new Set();
    return changed;
  }
}
