import { loadScenario } from '../load-scenario.js';
import { CONTENDERS } from '../stage.js';

export const hotAccount = loadScenario(
  {
    name: 'hot-account',
    question: 'What does it cost when every transfer touches the same account?',
  },
  [
    {
      name: 'one hot account',
      work: { kind: 'transfer' },
      spread: { accounts: 1_000, choice: 'hot' },
      connections: 64,
      contenders: CONTENDERS,
      ceiling: 'empty endpoint, 64 connections',
    },
  ],
);
