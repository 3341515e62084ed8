import { type Scenario, type Variant } from '../scenario.js';

const upon = (processes: number, name: string): Variant => ({
  name,
  processes,
  accounts: 'spread',
});

export const contention: Scenario = {
  name: 'contention',
  question: 'What does it cost when several API processes write to one ledger?',
  variants: [upon(1, '1 process'), upon(2, '2 processes'), upon(4, '4 processes')],
  target: { variant: '4 processes', ratioMin: 0.7 },
};
