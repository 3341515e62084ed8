import { loadScenario } from '../load-scenario.js';
import { CONTENDERS } from '../stage.js';

const EACH = { work: { kind: 'transfer' }, contenders: CONTENDERS } as const;

export const transfers = loadScenario(
  {
    name: 'transfers',
    question: 'How many transfers a second, each a request of its own?',
    isQuick: true,
  },
  [
    {
      ...EACH,
      name: '1 connection',
      connections: 1,
      ceiling: 'bare client, append of 1',
      isQuick: true,
    },
    { ...EACH, name: '16 connections', connections: 16, ceiling: 'empty endpoint, 16 connections' },
    {
      ...EACH,
      name: '64 connections',
      connections: 64,
      ceiling: 'empty endpoint, 64 connections',
      isQuick: true,
    },
  ],
);
