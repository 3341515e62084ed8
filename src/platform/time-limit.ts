// Waiting that ends. A timer never outlives what it was set for.

/** What `work` comes to; rejects when that takes longer, and then what it comes to later is ignored. */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  if (await settlesWithin(limitMs, work)) return work;
  throw new Error(`no answer within ${limitMs} ms`);
}

/** Whether `work` comes to an end in time, good or bad. Never rejects. */
export async function settlesWithin(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const settled = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
