// The projector, in this process.
import { runProjector } from '../../src/cli/projector.js';
import { type Running } from '../../src/platform/process-frame.js';

export interface StoreUrls {
  readonly eventStoreUrl: string;
  readonly databaseUrl: string;
}

export function startTestProjector(stores: StoreUrls): Promise<Running> {
  return runProjector({ ...stores, logLevel: 'silent' });
}
