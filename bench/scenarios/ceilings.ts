import { CEILINGS } from '../ceilings/ceiling.js';
import { type Scenario } from '../scenario.js';

export const ceilings: Scenario = {
  name: 'ceilings',
  question: 'What do the machine and the software below ours do at most?',
  isQuick: true,
  run: async (stage, { rounds, seconds }, tell) => {
    for (let round = 1; round <= rounds; round += 1) {
      for (const name of CEILINGS) {
        const run = await stage.ceiling(name, seconds / 2);
        const place = { scenario: 'ceilings', row: name, who: name, round };
        tell({ ...place, unit: 'operations', ...run, problems: [] });
      }
    }
  },
};
