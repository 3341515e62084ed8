// Limits on waiting for calls that have no deadline of their own.

/** Rejects when `promise` has not settled in time; what it comes to later is ignored. */
export async function within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

const WATCH_INTERVALS_PER_LIMIT = 4;

/**
 * Passes on what `source` yields, and ends it with an error when it says nothing for longer than the
 * limit. Only waiting counts: time that the reader spends on an item does not.
 */
export async function* untilSilent<T>(
  source: AsyncIterable<T> & { destroy?: (error: Error) => unknown },
  limitMs: number | (() => number),
): AsyncGenerator<T> {
  const limit = typeof limitMs === 'number' ? () => limitMs : limitMs;
  let waitingSince: number | undefined = performance.now();
  const watch = setInterval(() => {
    if (waitingSince === undefined || performance.now() - waitingSince <= limit()) return;
    source.destroy?.(new Error(`nothing came for ${limit()} ms`));
  }, limit() / WATCH_INTERVALS_PER_LIMIT);
  try {
    for await (const item of source) {
      waitingSince = undefined;
      yield item;
      waitingSince = performance.now();
    }
  } finally {
    clearInterval(watch);
  }
}
