// `daybook projections`: what read models there are, how far they are, and building them anew. One file
// per verb.
import { registerList } from './projections/list.js';
import { registerParked } from './projections/parked.js';
import { registerRebuild } from './projections/rebuild.js';
import { registerStatus } from './projections/status.js';
import { registerVerifyProjections } from './projections/verify.js';
import { type RegisterVerb } from './register-verb.js';

const VERBS: readonly RegisterVerb[] = [
  registerList,
  registerStatus,
  registerRebuild,
  registerVerifyProjections,
  registerParked,
];

export const registerProjections: RegisterVerb = (program) => {
  const projections = program.command('projections').description('look after the read models');
  for (const register of VERBS) register(projections);
};
