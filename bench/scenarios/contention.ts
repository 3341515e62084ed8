import { type LoadRow, loadScenario } from '../load-scenario.js';

const upon = (processes: number): LoadRow => ({
  name: processes === 1 ? '1 process' : `${processes} processes`,
  work: { kind: 'transfer' },
  processes,
  connections: 64,
  contenders: ['daybook', 'sql'],
  ceiling: 'empty endpoint, 64 connections',
});

export const contention = loadScenario(
  {
    name: 'contention',
    question: 'What does it cost when several API processes write to one ledger?',
  },
  [upon(1), upon(2), upon(4)],
);
