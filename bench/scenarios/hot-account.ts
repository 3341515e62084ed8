import { ACCOUNTS, type Scenario } from '../scenario.js';

export const hotAccount: Scenario = {
  name: 'hot-account',
  question: 'What does it cost when every transfer touches the same account?',
  variants: [
    { name: `${ACCOUNTS} accounts`, processes: 1, accounts: 'spread' },
    { name: 'one hot account', processes: 1, accounts: 'hot' },
  ],
  target: { variant: 'one hot account', ratioMin: 0.9 },
};
