// The process that hosts the embedded Postgres: `main.js --data <folder> --port <number>`.
// It says that it is ready over IPC, ends with its supervisor, and recovers what a killed
// predecessor left behind.
import { parseArgs } from 'node:util';
import { EXIT_CODES } from '../../platform/failure.js';
import { createLogger } from '../../platform/logger.js';
import { runProcess } from '../../platform/process-frame.js';
import { startPostgres } from './start.js';

const DRAIN_TIMEOUT_MS = 30_000;
const logger = createLogger('embedded-postgres', 'info');
const { values } = parseArgs({ options: { data: { type: 'string' }, port: { type: 'string' } } });
const { data, port } = values;

if (data === undefined || port === undefined) {
  logger.fatal('usage: main.js --data <folder> --port <number>');
  process.exit(EXIT_CODES.usage);
}
process.exit(
  await runProcess({
    start: () =>
      startPostgres(data, Number(port)).then((server) => ({ ...server, port: Number(port) })),
    drainTimeoutMs: DRAIN_TIMEOUT_MS,
    logger,
  }),
);
