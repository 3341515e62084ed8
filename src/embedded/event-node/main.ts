// The event node as a process of its own: `main.js --data <folder> [--port <n>] [--host <address>]`.
// It says when it is ready, and stops when it is told to or when the process that started it is gone.
import { parseArgs } from 'node:util';
import { PORT_MAX } from '../../platform/config.js';
import { EXIT_CODES } from '../../platform/failure.js';
import { createLogger } from '../../platform/logger.js';
import { type Running, runProcess } from '../../platform/process-frame.js';
import { startEventNode } from './start.js';

const DRAIN_TIMEOUT_MS = 15_000;
const logger = createLogger('event-node', 'info');
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
  },
});
const { data: dataDir, host } = values;
const port = Number(values.port);

if (!dataDir || !Number.isInteger(port) || port < 0 || port > PORT_MAX) {
  logger.fatal('usage: main.js --data <folder> [--port <n>] [--host <address>]');
  process.exit(EXIT_CODES.usage);
}
process.exit(
  await runProcess({
    start: () => start(dataDir),
    drainTimeoutMs: DRAIN_TIMEOUT_MS,
    logger,
  }),
);

async function start(folder: string): Promise<Running> {
  const node = await startEventNode({
    dataDir: folder,
    host,
    port,
    onFailure: (error) =>
      logger.error({ err: error }, 'the disk refused a write: appends are refused until a restart'),
  });
  logger.info({ url: node.url }, 'ready');
  return node;
}
