import { type LoadRow, loadScenario } from '../load-scenario.js';
import { CONTENDERS } from '../stage.js';

/** So that the next batch is there while one is written. */
const CONNECTIONS = 2;

const of = (transfers: number, atomic: boolean): LoadRow => ({
  name: `${transfers}, ${atomic ? 'all or none' : 'each for itself'}`,
  work: { kind: 'batch', transfers, atomic },
  connections: CONNECTIONS,
  contenders: CONTENDERS,
  ceiling: 'bare client, append of 500',
});

export const batches = loadScenario(
  {
    name: 'batches',
    question: 'How many transfers a second, many in each request?',
    isQuick: true,
  },
  [of(100, false), { ...of(1_000, false), isQuick: true }, of(1_000, true)],
);
