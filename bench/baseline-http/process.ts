// A baseline as a process of its own: it says over IPC where it listens, and ends with the bench.
import { type AddressInfo } from 'node:net';
import { createLogger } from '../../src/platform/logger.js';
import { runProcess } from '../../src/platform/process-frame.js';
import { createServer } from './server.js';
import { type TransferService } from './transfer.js';

const DRAIN_TIMEOUT_MS = 10_000;

export interface OpenService {
  readonly service: TransferService;
  close(): Promise<void>;
}

/** Serves what `open` makes of the database in BASELINE_DATABASE_URL; returns the exit code. */
export function serve(open: (databaseUrl: string) => Promise<OpenService>): Promise<number> {
  const { BASELINE_DATABASE_URL = '', JWT_SECRET = '' } = process.env;
  return runProcess({
    logger: createLogger('baseline', 'warn'),
    drainTimeoutMs: DRAIN_TIMEOUT_MS,
    start: async () => {
      const opened = await open(BASELINE_DATABASE_URL);
      const server = createServer(opened.service, JWT_SECRET);
      await server.listen({ port: 0, host: '127.0.0.1' });
      const { port } = server.server.address() as AddressInfo;
      const stop = async () => {
        await server.close();
        await opened.close();
      };
      return { port, stop };
    },
  });
}
