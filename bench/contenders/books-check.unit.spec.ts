import { addressAt } from '../load/account-choice.js';
import { type LoadResult } from '../load/task.js';
import { problemsOf } from './books-check.js';
import { type Booked, type Contender } from './contender.js';

const [first, second] = [addressAt(0), addressAt(1)];
const books = {
  ledgers: ['demo'],
  spread: { accounts: 2, choice: 'uniform' },
  overdraftLimit: null,
} as const;
const transfer = { id: 'a', revision: 3, debit: first, credit: second, amount: 125n };
const right = new Map([
  [first, 125n],
  [second, -125n],
]);

function contenderWith(
  booked: readonly Booked[],
  balances: ReadonlyMap<string, bigint> = right,
): Contender {
  return {
    ...{ name: 'somebody', urls: [], token: '', processes: {} },
    open: () => Promise.resolve(),
    settled: () => Promise.resolve(),
    close: () => Promise.resolve(),
    bytes: () => Promise.resolve({ log: 0, postgres: 0 }),
    balances: () => Promise.resolve(balances),
    // eslint-disable-next-line @typescript-eslint/require-await
    booked: async function* () {
      yield* booked;
    },
  };
}

function answered(
  acknowledged: LoadResult['acknowledged'],
  failures: LoadResult['failures'] = {},
): LoadResult {
  const figures = { operations: 1, refused: 0, seconds: 1, cores: 0 };
  return { ...figures, acknowledged, failures, latencyMs: { p50: 1, p99: 1 } };
}

const one = answered([['demo', 'a', 3]]);

describe('the books after a load', () => {
  it('are right when what was acknowledged is there, and nothing else', async () => {
    expect(await problemsOf(contenderWith([transfer]), books, one)).toEqual([]);
  });

  it.each<[string, readonly Booked[], string]>([
    ['a transfer is lost', [], '1 acknowledged transfers are not booked'],
    ['one is there twice', [transfer, transfer], 'a is at 3, unacknowledged'],
    ['one is elsewhere', [{ ...transfer, revision: 4 }], 'a is at 4, unacknowledged'],
    ['one is there that nobody was told of', [transfer, { ...transfer, id: 'b' }], 'b is at 3'],
  ])('are wrong when %s', async (_when, booked, problem) => {
    const problems = await problemsOf(contenderWith(booked), books, one);
    expect(problems.join('\n')).toContain(problem);
  });

  it('are wrong when a balance is not what its transfers come to', async () => {
    const contender = contenderWith([transfer], new Map([...right, [first, 124n]]));
    expect(await problemsOf(contender, books, one)).toEqual([
      `${first} has 124, its transfers come to 125`,
    ]);
  });

  it('are wrong when an account is missing', async () => {
    const contender = contenderWith([transfer], new Map([[first, 125n]]));
    expect(await problemsOf(contender, books, one)).toContain('1 accounts, not 2');
  });

  it('tell of answers that were neither acknowledged nor refused', async () => {
    const failed = answered([['demo', 'a', 3]], { '503 LEDGER_BUSY': 2 });
    expect(await problemsOf(contenderWith([transfer]), books, failed)).toEqual([
      '2 answers: 503 LEDGER_BUSY',
    ]);
  });
});
