// `daybook up`: everything in one go, supervised until Ctrl-C.
import { resolve } from 'node:path';
import { DATA_FOLDER_DEFAULT, HOST_DEFAULT, type Config } from '../platform/config.js';
import { Failure } from '../platform/failure.js';
import { freePort, isPortFree } from '../platform/free-port.js';
import { type ProcessIdentity } from '../platform/process-identity.js';
import { claimDataFolder, publishRuntime, releaseDataFolder } from '../platform/runtime-file.js';
import { loadConfig } from '../platform/service-config.js';
import { type RegisterVerb } from './register-verb.js';
import { createTerminal, type Terminal } from './terminal.js';
import { addressOf, banner } from './up/banner.js';
import { openDemo } from './up/open-demo.js';
import { Stack } from './up/stack.js';

const RUNNER_POLL_MS = 500;

export const registerUp: RegisterVerb = (program) => {
  program
    .command('up')
    .description('run everything: embedded stores unless set, migrations, API and projector')
    .action(async (options: { json?: true }) => {
      const config = loadConfig();
      const supervisor = claimDataFolder(config.dataFolder);
      try {
        const terminal = createTerminal({ json: options.json ?? false });
        await runUntilStopped(await withPort(config), supervisor, terminal);
      } finally {
        releaseDataFolder(config.dataFolder);
      }
    });
};

async function runUntilStopped(
  config: Config,
  supervisor: ProcessIdentity,
  terminal: Terminal,
): Promise<void> {
  const stack = new Stack(config, (line) => terminal.complain(line));
  const stopAsked = stopRequest(terminal, stack);
  try {
    await Promise.race([stopAsked, start()]);
    await stopAsked;
  } finally {
    await stack.stop();
  }
  terminal.say('Daybook has stopped.');

  async function start(): Promise<void> {
    const { dataFolder } = config;
    const stores = await stack.startStores();
    publishRuntime(dataFolder, { supervisor, stores });
    await Promise.all([stack.startServices(stores), demo(stores.eventStoreUrl)]);
    const apiUrl = addressOf(config.host, config.port);
    publishRuntime(dataFolder, { supervisor, stores, apiUrl });
    const isDefaultFolder = dataFolder === resolve(DATA_FOLDER_DEFAULT);
    terminal.result({ url: apiUrl, dataFolder }, banner(config, apiUrl, isDefaultFolder));
  }

  // Daybook is of use without its demo, so that a failure here does not stop the start.
  async function demo(eventStoreUrl: string): Promise<void> {
    try {
      await openDemo(config, eventStoreUrl);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      terminal.complain(`The demo ledger is incomplete (${reason}); the next start completes it.`);
    }
  }
}

async function withPort(config: Config): Promise<Config> {
  if (config.port === 0) return { ...config, port: await freePort() };
  const isFree = isPortFree(config.port, config.host).catch((error: NodeJS.ErrnoException) => {
    throw new Failure(
      'usage',
      `HOST is "${config.host}" and cannot be listened on (${error.code ?? error.message}): ` +
        `use an address of this machine, such as ${HOST_DEFAULT} or 0.0.0.0.`,
    );
  });
  if (await isFree) return config;
  throw new Failure(
    'infrastructure',
    `Port ${config.port} on ${config.host} is taken: stop what uses it, or set PORT to another one.`,
  );
}

// The first request drains; a second one, from somebody who cannot wait, ends everything. A terminal
// or a runner that goes away says so besides the signal it sent, and is not a second request.
function stopRequest(terminal: Terminal, stack: Stack): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const drain = (): void => {
      if (asked) return;
      asked = true;
      terminal.say('Stopping; once more ends everything at once.');
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => (asked ? stack.kill() : drain()));
    }
    process.on('SIGHUP', drain);
    whenRunnerEnds(drain);
  });
}

// npm hands a signal to the shell that it runs us in; the shell dies of it and tells us nothing.
function whenRunnerEnds(drain: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const runner = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === runner) return;
    clearInterval(watch);
    drain();
  }, RUNNER_POLL_MS);
  watch.unref();
}
