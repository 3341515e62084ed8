import { type LoadRow, loadScenario } from '../load-scenario.js';

const between = (accounts: number, choice: 'uniform' | 'zipf'): LoadRow => ({
  name: `${accounts} accounts, ${choice}`,
  work: { kind: 'transfer' },
  spread: { accounts, choice },
  connections: 64,
  contenders: ['daybook', 'sql'],
  ceiling: 'empty endpoint, 64 connections',
});

export const accounts = loadScenario(
  {
    name: 'accounts',
    question: 'Does it matter how many accounts there are, and how unevenly they are used?',
    onlyByName: true,
  },
  [10, 1_000, 100_000].flatMap((count) => [between(count, 'uniform'), between(count, 'zipf')]),
);
