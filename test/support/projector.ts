// The projector, in this process.
import { runProjector } from '../../src/cli/projector.js';
import { type Running } from '../../src/platform/process-frame.js';
import { TEST_SECRET } from './tokens.js';

export interface StoreUrls {
  readonly eventStoreUrl: string;
  readonly databaseUrl: string;
}

export function startTestProjector(stores: StoreUrls): Promise<Running> {
  return runProjector({
    port: 0,
    host: '127.0.0.1',
    dataFolder: '/nonexistent',
    ...stores,
    jwt: { key: { kind: 'secret', secret: TEST_SECRET }, issuer: undefined, audience: undefined },
    logLevel: 'silent',
    demo: false,
  });
}
