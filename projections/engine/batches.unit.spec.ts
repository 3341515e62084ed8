import { batchesOf } from './batches.js';

/** Longer than any test. */
const silenceMs = 60_000;
const forever = new AbortController().signal;

/** A source that is pushed, and says how it was left. */
function pushed() {
  const waiting: number[] = [];
  const state = { taken: 0, left: false };
  let wake = () => {};
  async function* source(signal: AbortSignal): AsyncGenerator<number> {
    signal.addEventListener('abort', () => wake());
    try {
      while (!signal.aborted) {
        const next = waiting.shift();
        if (next === undefined) await new Promise<void>((resolve) => (wake = resolve));
        else {
          state.taken += 1;
          yield next;
        }
      }
    } finally {
      state.left = true;
    }
  }
  const push = (...items: number[]) => {
    waiting.push(...items);
    wake();
  };
  return { source, push, state };
}

const one = () => 1;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('batches', () => {
  it('take what has come, at once', async () => {
    const { source, push } = pushed();
    const batches = batchesOf(source, { max: 10, weightOf: one, silenceMs, signal: forever });
    const first = batches.next();
    push(1);
    expect((await first).value).toEqual([1]);
    push(2, 3, 4);
    await turn();
    expect((await batches.next()).value).toEqual([2, 3, 4]);
    await batches.return(undefined);
  });

  it('read ahead no further than allowed', async () => {
    const { source, push, state } = pushed();
    const batches = batchesOf(source, { max: 3, weightOf: one, silenceMs, signal: forever });
    push(1, 2, 3, 4, 5, 6, 7);
    const sizes: number[] = [];
    for (let batch = 0; batch < 3; batch += 1) {
      await turn();
      const next = await batches.next();
      sizes.push((next.value as number[]).length);
      expect(state.taken).toBeLessThanOrEqual(sizes.reduce((sum, size) => sum + size) + 3);
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(3);
    await batches.return(undefined);
  });

  it('of a backlog wait until they weigh enough, but not for long', async () => {
    const { source, push } = pushed();
    let enough = 3;
    const limits = { max: 10, weightOf: one, enough: () => enough, silenceMs, signal: forever };
    const batches = batchesOf(source, limits);
    const first = batches.next();
    for (const item of [1, 2, 3]) {
      push(item);
      await turn();
    }
    expect((await first).value).toEqual([1, 2, 3]);
    push(4);
    expect((await batches.next()).value).toEqual([4]);
    enough = 0;
    push(5, 6);
    await turn();
    expect((await batches.next()).value).toEqual([5, 6]);
    await batches.return(undefined);
  });

  it('hold fewer items when they weigh more', async () => {
    const { source, push, state } = pushed();
    const weightOf = (item: number) => item;
    const batches = batchesOf(source, { max: 10, weightOf, silenceMs, signal: forever });
    push(1, 4, 9, 5, 5);
    const first = batches.next();
    await turn();
    expect((await first).value).toEqual([1]);
    await turn();
    expect((await batches.next()).value).toEqual([4, 9]);
    await turn();
    expect(state.taken).toBe(5);
    expect((await batches.next()).value).toEqual([5, 5]);
    await batches.return(undefined);
  });

  it('end a source that is waiting when the reader leaves', async () => {
    const { source, push, state } = pushed();
    push(1);
    for await (const batch of batchesOf(source, {
      max: 3,
      weightOf: one,
      silenceMs,
      signal: forever,
    })) {
      expect(batch).toEqual([1]);
      break;
    }
    expect(state.left).toBe(true);
  });

  it('end with the signal, even with something ready', async () => {
    const { source, push } = pushed();
    const stopping = new AbortController();
    const seen: number[][] = [];
    push(1);
    for await (const batch of batchesOf(source, {
      max: 3,
      weightOf: one,
      silenceMs,
      signal: stopping.signal,
    })) {
      seen.push(batch);
      push(2);
      await turn();
      stopping.abort();
    }
    expect(seen).toEqual([[1]]);
  });

  it('are empty while nothing comes, and go on afterwards', async () => {
    const { source, push } = pushed();
    const limits = { max: 3, weightOf: one, silenceMs: 1, signal: forever };
    const batches = batchesOf(source, limits);
    expect((await batches.next()).value).toEqual([]);
    expect((await batches.next()).value).toEqual([]);
    push(1);
    await turn();
    expect((await batches.next()).value).toEqual([1]);
    await batches.return(undefined);
  });

  it('pass on what came before a failure, then the failure', async () => {
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      await turn();
      throw new Error('broken');
    }
    const batches = batchesOf(failing, { max: 3, weightOf: one, silenceMs, signal: forever });
    expect((await batches.next()).value).toEqual([1]);
    await expect(batches.next()).rejects.toThrow('broken');
  });
});
