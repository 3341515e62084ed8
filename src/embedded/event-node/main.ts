// The event node as a process of its own. It says when it is ready, and stops when it is told to or
// when the process that started it is gone.
import { parseArgs } from 'node:util';
import { startEventNode } from './start.js';

const USAGE = 'usage: main.js --data <folder> [--port <n>] [--host <address>]';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
    },
  });
  const port = Number(values.port);
  if (!values.data || !Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(USAGE);

  const node = await startEventNode({
    dataDir: values.data,
    host: values.host,
    port,
    onFailure: (error) =>
      say(`the disk refused a write, appends are refused until a restart`, error),
  });
  const stop = () => {
    node.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        say('stopping failed', error);
        process.exit(1);
      },
    );
  };
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.on(event, stop);
  process.send?.({ type: 'ready', port: node.port });
  process.stdout.write(`event node ready at ${node.url}\n`);
}

function say(what: string, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`event node: ${what}: ${reason}\n`);
}

main().catch((error: unknown) => {
  say('cannot start', error);
  process.exit(1);
});
