// Every scenario there is, in the order in which they run.
import { type Scenario } from '../scenario.js';
import { accounts } from './accounts.js';
import { batches } from './batches.js';
import { bounded } from './bounded.js';
import { ceilings } from './ceilings.js';
import { contention } from './contention.js';
import { growth } from './growth.js';
import { holds } from './holds.js';
import { hotAccount } from './hot-account.js';
import { ledgers } from './ledgers.js';
import { queries } from './queries.js';
import { readModels } from './read-models.js';
import { startUp } from './start-up.js';
import { transfers } from './transfers.js';

export const SCENARIOS: readonly Scenario[] = [
  ceilings,
  transfers,
  batches,
  hotAccount,
  bounded,
  holds,
  ledgers,
  contention,
  accounts,
  queries,
  readModels,
  startUp,
  growth,
];
