import { OneAtATime, TooManyWait } from './one-at-a-time.js';

/** Work that ends when it is told to. */
function work() {
  let end: () => void = () => undefined;
  let fail: () => void = () => undefined;
  let begun = false;
  const ended = new Promise<string>((resolve, reject) => {
    end = () => resolve('done');
    fail = () => reject(new Error('failed'));
  });
  const run = () => {
    begun = true;
    return ended;
  };
  return { run, end: () => end(), fail: () => fail(), hasBegun: () => begun };
}
const turnOfTheLoop = () => new Promise(setImmediate);

describe('work that is done one at a time', () => {
  it('begins when the work before it has ended, even badly', async () => {
    const turns = new OneAtATime(5);
    const [one, two] = [work(), work()];
    const first = turns.run(one.run);
    const second = turns.run(two.run);
    await turnOfTheLoop();
    expect([one.hasBegun(), two.hasBegun()]).toEqual([true, false]);
    one.fail();
    await expect(first).rejects.toThrow('failed');
    await turnOfTheLoop();
    expect(two.hasBegun()).toBe(true);
    two.end();
    expect(await second).toBe('done');
  });

  it('is turned away when too much of it waits, and taken again later', async () => {
    const turns = new OneAtATime(2);
    const [one, two] = [work(), work()];
    const accepted = [turns.run(one.run), turns.run(two.run)];
    await expect(turns.run(work().run)).rejects.toThrow(TooManyWait);
    one.end();
    two.end();
    await Promise.all(accepted);
    const three = work();
    three.end();
    expect(await turns.run(three.run)).toBe('done');
  });
});
