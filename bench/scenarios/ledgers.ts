import { loadScenario } from '../load-scenario.js';
import { CONTENDERS } from '../stage.js';

export const ledgers = loadScenario(
  {
    name: 'ledgers',
    question: 'What does it cost when transfers are spread over many ledgers?',
  },
  [
    {
      name: '64 ledgers',
      work: { kind: 'transfer' },
      spread: { accounts: 20, choice: 'uniform' },
      ledgers: 64,
      connections: 64,
      contenders: CONTENDERS,
      ceiling: 'empty endpoint, 64 connections',
    },
  ],
);
