// `daybook api` and `daybook projector`: the two services, each as a process of its own.
import { createLogger } from '../platform/logger.js';
import { type StoresConfig } from '../platform/config.js';
import { keepHeapSmall } from '../platform/heap.js';
import { runProcess, type Running } from '../platform/process-frame.js';
import { loadConfig, serviceConfig, storesConfig } from '../platform/service-config.js';
import { type RegisterVerb } from './register-verb.js';

const DRAIN_TIMEOUT_MS = 15_000;

export const registerApi: RegisterVerb = (program) => {
  program
    .command('api')
    .description('serve the REST API until stopped')
    .action(() =>
      runService('api', serviceConfig(loadConfig()), async (config) =>
        (await import('../main.js')).runApi(config),
      ),
    );
};

export const registerProjector: RegisterVerb = (program) => {
  program
    .command('projector')
    .description('keep the read models up to date until stopped')
    .action(() => {
      keepHeapSmall();
      return runService('projector', storesConfig(loadConfig()), async (config) =>
        (await import('./projector.js')).runProjector(config),
      );
    });
};

async function runService<T extends StoresConfig>(
  name: string,
  config: T,
  start: (config: T) => Promise<Running>,
): Promise<void> {
  const logger = createLogger(name, config.logLevel);
  const frame = { start: () => start(config), drainTimeoutMs: DRAIN_TIMEOUT_MS, logger };
  process.exit(await runProcess(frame));
}
