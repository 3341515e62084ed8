// The projector, in this process.
import { runProjector } from '../../src/cli/projector.js';
import { type Running } from '../../src/platform/process-frame.js';
import { stoppedWithTheFile } from './stopping.js';

export interface StoreUrls {
  readonly eventStoreUrl: string;
  readonly databaseUrl: string;
}

export async function startTestProjector(stores: StoreUrls): Promise<Running> {
  return stoppedWithTheFile(await runProjector({ ...stores, logLevel: 'silent' }));
}
