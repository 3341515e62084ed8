// One write at a time, of the latest value: what comes while one is under way waits, and replaces
// what waited before it.

export interface LatestWrite<T> {
  put(value: T): void;
  /** Resolves when nothing is under way or waits. */
  idle(): Promise<void>;
}

/** A write that fails is left: the store refuses all others from then on, too. */
export function createLatestWrite<T>(write: (value: T) => Promise<unknown>): LatestWrite<T> {
  let waiting: { value: T } | undefined;
  let writing: Promise<void> | undefined;
  const drain = async () => {
    while (waiting) {
      const { value } = waiting;
      waiting = undefined;
      await write(value).catch(() => {});
    }
  };
  return {
    put: (value) => {
      waiting = { value };
      writing ??= drain().finally(() => (writing = undefined));
    },
    idle: async () => {
      await writing;
    },
  };
}
