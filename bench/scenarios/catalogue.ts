// Every scenario there is, in the order in which they run.
import { type Scenario } from '../scenario.js';
import { batches } from './batches.js';
import { transfers } from './transfers.js';

export const SCENARIOS: readonly Scenario[] = [transfers, batches];
