import { Arrivals } from './arrivals.js';

const PATIENCE_MS = 10_000;

/** Read models that are told how far they are, and count how often they are asked, and about what. */
function readModels() {
  const at = new Map<string, number>();
  const asked: (readonly string[])[] = [];
  let failure: Error | undefined;
  const arrivals = new Arrivals((ledgers) => {
    asked.push(ledgers);
    return failure ? Promise.reject(failure) : Promise.resolve(at);
  });
  const fail = (error: Error | undefined) => (failure = error);
  return { at, asked, arrivals, fail };
}

/** Once it has been asked again, what was there before has been seen. */
async function askedAgain(asked: readonly unknown[]): Promise<void> {
  const before = asked.length;
  while (asked.length < before + 2) await new Promise((resolve) => setImmediate(resolve));
}

describe('arrivals', () => {
  it('are told to whom waits for them, and to nobody else', async () => {
    const { at, asked, arrivals } = readModels();
    const outcomes: string[] = [];
    const wait = async (ledger: string, revision: number) => {
      await arrivals.of(ledger, revision, PATIENCE_MS);
      outcomes.push(`${ledger}@${revision}`);
    };
    const all = [wait('a', 1), wait('a', 2), wait('b', 1)];
    await askedAgain(asked);
    expect(outcomes).toEqual([]);
    at.set('a', 1);
    await askedAgain(asked);
    expect(outcomes).toEqual(['a@1']);
    at.set('a', 5).set('b', 1);
    await Promise.all(all);
    expect(outcomes.sort()).toEqual(['a@1', 'a@2', 'b@1']);
  });

  it('are asked about once for all who wait, and not when nobody does', async () => {
    const { at, asked, arrivals } = readModels();
    const all = Array.from({ length: 200 }, (_, n) => arrivals.of(`l${n % 4}`, 1, PATIENCE_MS));
    while (asked.length < 3) await new Promise((resolve) => setImmediate(resolve));
    for (const ledgers of asked) expect(ledgers).toEqual(['l0', 'l1', 'l2', 'l3']);
    for (const ledger of ['l0', 'l1', 'l2', 'l3']) at.set(ledger, 1);
    expect(new Set(await Promise.all(all))).toEqual(new Set([true]));
    const then = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked.length).toBeLessThanOrEqual(then + 1);
  });

  it('that do not come are given up', async () => {
    const { arrivals } = readModels();
    expect(await arrivals.of('a', 1, 1)).toBe(false);
  });

  it('fail with what the read models say, and can be waited for again', async () => {
    const { at, arrivals, fail } = readModels();
    fail(new Error('away'));
    await expect(arrivals.of('a', 1, PATIENCE_MS)).rejects.toThrow('away');
    fail(undefined);
    at.set('a', 1);
    expect(await arrivals.of('a', 1, PATIENCE_MS)).toBe(true);
  });

  it('are waited for by a thousand at most', async () => {
    const { at, arrivals } = readModels();
    const all = Array.from({ length: 1_000 }, () => arrivals.of('a', 1, PATIENCE_MS));
    expect(await arrivals.of('a', 1, PATIENCE_MS)).toBe(false);
    at.set('a', 1);
    expect((await Promise.all(all)).every(Boolean)).toBe(true);
  });
});
