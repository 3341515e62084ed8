// Waiting for something to happen, and never for ever.
const POLL_MS = 20;
const PATIENCE_MS = 20_000;

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** What the promise comes to, or `late` when it takes longer. */
export function within<T, L>(promise: Promise<T>, ms: number, late: L): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<L>((resolve) => {
    timer = setTimeout(() => resolve(late), ms);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}

/** Asks again and again until the answer is true, or something; undefined if it never is. */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  ms = PATIENCE_MS,
  every = POLL_MS,
): Promise<T | undefined> {
  for (const until = Date.now() + ms; ;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > until) return undefined;
    await sleep(every);
  }
}

/** So many at a time, results in the order of the items. */
export async function eachOf<T, R>(
  items: readonly T[],
  atATime: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.map((item, place) => ({ item, place }));
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      results[next.place] = await work(next.item);
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return results;
}
