import { type Measured } from './measured.js';
import { problemLines, resultTable } from './result-table.js';

const figure = (who: string, round: number, perSecond: number): Measured => ({
  ...{ scenario: 'transfers', row: '64 connections', who, round, unit: 'transfers', perSecond },
  latencyMs: { p50: round, p99: 2 * round },
  cores: { api: 0.5, postgres: 0.25, load: 0.25 },
  problems: [],
});
const all = [
  ...[figure('daybook', 1, 100), figure('sql', 1, 50)],
  ...[figure('daybook', 2, 500), figure('sql', 2, 500)],
  ...[figure('daybook', 3, 300), figure('sql', 3, 100)],
];
const cellsOf = (who: string) =>
  resultTable(all)
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .find((cells) => cells[3] === who);

describe('the table of results', () => {
  it('shows medians with their spread, and ratios within rounds', () => {
    expect(cellsOf('daybook')?.slice(4, 10)).toEqual([
      '300 (100 to 500)',
      '2.0',
      '4.0',
      '',
      '2.00',
      '2500',
    ]);
  });

  it('compares nobody with himself', () => {
    expect(cellsOf('sql')?.[8]).toBe('');
  });

  it('names everything that was wrong', () => {
    const wrong = { ...figure('sql', 1, 1), problems: ['a is lost'] };
    expect(problemLines([...all, wrong])).toEqual([
      'WRONG: transfers, 64 connections, sql, round 1: a is lost',
    ]);
  });
});
