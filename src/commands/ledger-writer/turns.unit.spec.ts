import { TurnOrder } from './turn-order.js';
import { Turns } from './turns.js';

/** A writer for whom each look finds an event of the next one of `others`. */
function among(before: string[], others: string[] = []) {
  const order = new TurnOrder('self');
  for (const writer of before) order.read(writer);
  let looks = 0;
  const catchUp = () => {
    const writer = others[looks];
    looks += 1;
    if (writer !== undefined) order.read(writer);
    return Promise.resolve();
  };
  const turns = new Turns(order, { waiting: () => 1, catchUp });
  return { order, turns, looks: () => looks };
}

describe('a turn', () => {
  it.each([
    ['nobody wrote', []],
    ['only this writer wrote', ['self']],
    ['all others wrote since', ['self', 'a', 'b']],
    ['this writer is new', ['a', 'b']],
  ])('begins at once when %s', async (_when, before) => {
    const { turns, looks } = among(before);
    await turns.begin();
    expect(looks()).toBe(0);
  });

  it('begins when all of those ahead have written', async () => {
    const { order, turns, looks } = among(['a', 'b', 'self'], ['a', 'b']);
    await turns.begin();
    expect(looks()).toBeGreaterThan(0);
    expect(order.ahead).toEqual([]);
  });

  it('begins all the same when those ahead do not write', async () => {
    const { order, turns, looks } = among(['a', 'b', 'self']);
    await turns.begin();
    expect(looks()).toBeGreaterThan(0);
    expect(order.ahead).toHaveLength(2);
    turns.won(1);
    expect(order.ahead).toEqual([]);
  });

  it('is small for a newcomer until it has a place', async () => {
    const { turns } = among(['a', 'b']);
    const tried = turns.commandsMax;
    await turns.begin();
    turns.won(tried);
    expect(turns.commandsMax).toBeGreaterThan(tried);
  });
});
