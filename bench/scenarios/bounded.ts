import { loadScenario } from '../load-scenario.js';
import { CONTENDERS } from '../stage.js';

export const bounded = loadScenario(
  {
    name: 'bounded',
    question: 'What do accounts cost that may not go below a limit, some transfers being refused?',
  },
  [
    {
      name: 'limits of 100.00',
      work: { kind: 'transfer' },
      overdraftLimit: '100.00',
      connections: 64,
      contenders: CONTENDERS,
      ceiling: 'empty endpoint, 64 connections',
    },
  ],
);
