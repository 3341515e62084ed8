// Turns a stream into batches that adapt: each is everything that came while the one before was worked
// on. A trickle is passed on one by one, at once; a backlog in batches of the size that is asked for; and
// when nothing comes, an empty one now and then, for the reader to see to other things.

export interface BatchLimits<T> {
  /** Reading ahead stops once the items ready weigh so much. */
  readonly max: number;
  readonly weightOf: (item: T) => number;
  /**
   * In a backlog, whose items are worth waiting for: how much a batch is to weigh, at most `max`. It comes
   * without, when they keep it waiting for BACKLOG_WAIT_MS. None when absent.
   */
  readonly enough?: () => number;
  /** An empty batch comes after so long without any item. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

const BACKLOG_WAIT_MS = 100;

/**
 * Reads `source` ahead by at most `max`, and one item more. The source gets a signal of its own, aborted
 * when the reader leaves, because a source that waits for something new could not be left otherwise.
 */
export async function* batchesOf<T>(
  source: (signal: AbortSignal) => AsyncIterable<T>,
  { max, weightOf, enough, silenceMs, signal }: BatchLimits<T>,
): AsyncGenerator<T[]> {
  const leaving = new AbortController();
  const ahead = new ReadAhead(source(AbortSignal.any([signal, leaving.signal])), max, weightOf);
  try {
    for (;;) {
      await ahead.untilReady(0, silenceMs);
      if (enough) await ahead.untilReady(enough(), BACKLOG_WAIT_MS);
      const batch = ahead.take();
      if (!batch || signal.aborted) return;
      yield batch;
    }
  } finally {
    leaving.abort();
    await ahead.stop();
  }
}

class ReadAhead<T> {
  private readonly ready: T[] = [];
  private weight = 0;
  /** What the reader waits for. */
  private wanted = 0;
  private state: 'reading' | 'stopping' | 'ended' = 'reading';
  private failure: { readonly error: unknown } | undefined;
  private wake: () => void = () => {};
  private readonly reading: Promise<void>;

  constructor(
    source: AsyncIterable<T>,
    private readonly max: number,
    private readonly weightOf: (item: T) => number,
  ) {
    this.reading = this.read(source);
  }

  /** Until something is ready that weighs so much, or it takes too long, or no more will come. */
  async untilReady(weight: number, timeoutMs: number): Promise<void> {
    const isReady = this.ready.length > 0 && this.weight >= weight;
    if (isReady || this.state === 'ended') return;
    this.wanted = weight;
    const timeout = setTimeout(() => this.wake(), timeoutMs);
    await this.change();
    clearTimeout(timeout);
  }

  /** All that is ready; undefined at the end. Throws what the source threw. */
  take(): T[] | undefined {
    if (this.ready.length === 0 && this.failure) throw this.failure.error;
    if (this.ready.length === 0 && this.state === 'ended') return undefined;
    const batch = this.ready.splice(0);
    this.weight = 0;
    this.wake();
    return batch;
  }

  async stop(): Promise<void> {
    this.state = 'stopping';
    this.wake();
    await this.reading;
  }

  private async read(source: AsyncIterable<T>): Promise<void> {
    try {
      for await (const item of source) {
        this.ready.push(item);
        this.weight += this.weightOf(item);
        if (this.weight >= this.wanted) this.wake();
        while (this.weight >= this.max && this.state === 'reading') await this.change();
        if (this.state !== 'reading') break;
      }
    } catch (error) {
      this.failure = { error };
    }
    this.state = 'ended';
    this.wake();
  }

  // Only one side ever waits: the reader for something, or the source for room.
  private change(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}
