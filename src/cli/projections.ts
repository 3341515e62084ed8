// `daybook projections`: what read models there are, how far they are, and building them anew. One file
// per verb.
import { registerDiff } from './projections/diff.js';
import { registerDrop } from './projections/drop.js';
import { registerList } from './projections/list.js';
import { registerParked } from './projections/parked.js';
import { registerPause, registerResume } from './projections/pause.js';
import { registerRebuild } from './projections/rebuild.js';
import { registerStatus } from './projections/status.js';
import { registerRollback, registerSwap } from './projections/swap.js';
import { registerVerifyProjections } from './projections/verify.js';
import { type RegisterVerb } from './register-verb.js';

const VERBS: readonly RegisterVerb[] = [
  registerList,
  registerStatus,
  registerRebuild,
  registerDiff,
  registerSwap,
  registerRollback,
  registerDrop,
  registerPause,
  registerResume,
  registerVerifyProjections,
  registerParked,
];

export const registerProjections: RegisterVerb = (program) => {
  const projections = program.command('projections').description('look after the read models');
  for (const register of VERBS) register(projections);
};
