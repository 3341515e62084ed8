import { pairsOf } from './account-choice.js';
import { type Spread } from './task.js';

const PAIRS = 10_000;

function chosen(spread: Spread) {
  const pair = pairsOf(spread);
  const pairs = Array.from({ length: PAIRS }, pair);
  const times = new Array<number>(spread.accounts).fill(0);
  for (const account of pairs.flat()) times[account] = (times[account] ?? 0) + 1;
  return { pairs, times };
}

describe('the accounts of a load', () => {
  it.each(['uniform', 'zipf', 'hot'] as const)('are two different ones (%s)', (choice) => {
    const { pairs } = chosen({ accounts: 10, choice });
    expect(pairs.filter(([debit, credit]) => debit === credit)).toEqual([]);
  });

  it('are the same ones for whoever is measured', () => {
    const spread = { accounts: 1_000, choice: 'zipf' } as const;
    expect(chosen(spread).pairs).toEqual(chosen(spread).pairs);
  });

  it('are all as likely when uniform', () => {
    const { times } = chosen({ accounts: 10, choice: 'uniform' });
    expect(Math.min(...times)).toBeGreaterThan((2 * PAIRS * 0.9) / 10);
  });

  it('are the first ones more often when zipf', () => {
    const { times } = chosen({ accounts: 1_000, choice: 'zipf' });
    const [first = 0, , third = 0] = times;
    expect(first / third).toBeGreaterThan(2.5);
    expect(first / third).toBeLessThan(3.5);
  });

  it('are one of them always when hot, on either side in turn', () => {
    const { pairs } = chosen({ accounts: 10, choice: 'hot' });
    expect(pairs.every(([debit, credit], n) => (n % 2 === 0 ? debit : credit) === 0)).toBe(true);
  });
});
