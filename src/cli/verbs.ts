// All verbs of the command line. A verb's file is read only when it is asked for, or when help
// lists them all, so that a quick verb starts quickly.
import { type RegisterVerb } from './register-verb.js';

export const VERBS: Readonly<Record<string, () => Promise<RegisterVerb>>> = {
  up: async () => (await import('./up.js')).registerUp,
  api: async () => (await import('./services.js')).registerApi,
  projector: async () => (await import('./services.js')).registerProjector,
  migrate: async () => (await import('./migrate.js')).registerMigrate,
  projections: async () => (await import('./projections.js')).registerProjections,
  doctor: async () => (await import('./doctor.js')).registerDoctor,
  verify: async () => (await import('./verify.js')).registerVerify,
  token: async () => (await import('./token.js')).registerToken,
  analyst: async () => (await import('./analyst.js')).registerAnalyst,
  import: async () => (await import('./import.js')).registerImport,
  export: async () => (await import('./export.js')).registerExport,
  eventstore: async () => (await import('./eventstore.js')).registerEventstore,
};
