// A limit on waiting for streams, which have no deadline of their own.

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
