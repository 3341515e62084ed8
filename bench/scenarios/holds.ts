import { loadScenario } from '../load-scenario.js';

export const holds = loadScenario(
  {
    name: 'holds',
    question: 'How many transfers a second are held first, and captured by a second request?',
  },
  [
    {
      name: 'hold, then capture',
      work: { kind: 'hold-and-capture' },
      connections: 64,
      contenders: ['daybook'],
      ceiling: 'empty endpoint, 64 connections',
    },
  ],
);
