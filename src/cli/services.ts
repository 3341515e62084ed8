// `daybook api` and `daybook projector`: the two services, each as a process of its own.
import { createLogger } from '../platform/logger.js';
import { type ServiceConfig } from '../platform/config.js';
import { runProcess, type Running } from '../platform/process-frame.js';
import { loadConfig, serviceConfig } from '../platform/service-config.js';
import { type RegisterVerb } from './register-verb.js';

const DRAIN_TIMEOUT_MS = 15_000;

export const registerApi: RegisterVerb = (program) => {
  program
    .command('api')
    .description('serve the REST API until stopped')
    .action(() => runService('api', async (config) => (await import('../main.js')).runApi(config)));
};

export const registerProjector: RegisterVerb = (program) => {
  program
    .command('projector')
    .description('keep the read models up to date until stopped')
    .action(() =>
      runService('projector', async (config) =>
        (await import('./projector.js')).runProjector(config),
      ),
    );
};

async function runService(
  name: string,
  start: (config: ServiceConfig) => Promise<Running>,
): Promise<void> {
  const config = serviceConfig(loadConfig());
  const logger = createLogger(name, config.logLevel);
  const frame = { start: () => start(config), drainTimeoutMs: DRAIN_TIMEOUT_MS, logger };
  process.exit(await runProcess(frame));
}
