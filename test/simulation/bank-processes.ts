// The processes of the bank, as in production: an event node, Postgres, several APIs on one ledger, and a
// projector. Each can be killed and started again on the same port.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/platform/free-port.js';
import { migrate } from '../../src/platform/migrations.js';
import { type FailedMessage, type ReadyMessage } from '../../src/platform/process-frame.js';
import { COMMAND } from '../support/daybook-process.js';
import { temporaryPostgres } from '../support/postgres-process.js';
import { TEST_SECRET } from '../support/tokens.js';

const EVENT_NODE = 'dist/src/embedded/event-node/main.js';
const OUTPUT_KEPT_MAX = 10_000;

export interface BankProcess {
  readonly name: string;
  /** Resolves once it is ready. */
  start(): Promise<void>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** In good order. */
  stop(): Promise<void>;
}

export interface BankProcesses {
  readonly eventNode: BankProcess;
  readonly apis: readonly BankProcess[];
  readonly apiUrls: readonly string[];
  readonly eventStoreUrl: string;
  /** Processes that ended without being told to, with what they wrote last. */
  readonly deaths: readonly string[];
  stop(): Promise<void>;
}

export async function startBankProcesses(apiCount: number): Promise<BankProcesses> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-bank-'));
  const postgres = await temporaryPostgres();
  await migrate({ databaseUrl: postgres.url });
  const deaths: string[] = [];
  const onDeath = (death: string) => void deaths.push(death);
  const ports: number[] = [];
  while (ports.length < apiCount + 1) {
    const port = await freePort();
    if (!ports.includes(port)) ports.push(port);
  }
  const [nodePort = 0, ...apiPorts] = ports;
  const eventStoreUrl = `esdb://127.0.0.1:${nodePort}?tls=false`;
  const settings = {
    EVENTSTORE_URL: eventStoreUrl,
    DATABASE_URL: postgres.url,
    JWT_SECRET: TEST_SECRET,
    DAYBOOK_DATA: folder,
    LOG_LEVEL: 'warn',
  };
  const nodeWords = ['--data', join(folder, 'events'), '--port', String(nodePort)];
  const eventNode = bankProcess('event node', { script: EVENT_NODE, words: nodeWords }, onDeath);
  const daybook = (name: string, verb: string, port: number) => {
    const env = { ...settings, PORT: String(port) };
    return bankProcess(name, { script: COMMAND, words: [verb], env }, onDeath);
  };
  const apis = apiPorts.map((port, n) => daybook(`API ${n + 1}`, 'api', port));
  const projector = daybook('projector', 'projector', 0);
  await eventNode.start();
  await Promise.all([...apis, projector].map((it) => it.start()));
  return {
    eventNode,
    apis,
    apiUrls: apiPorts.map((port) => `http://127.0.0.1:${port}`),
    eventStoreUrl,
    deaths,
    stop: async () => {
      await Promise.all([...apis, projector].map((it) => it.stop()));
      await eventNode.stop();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Program {
  readonly script: string;
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Life {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  expected: boolean;
}

function bankProcess(
  name: string,
  { script, words, env = {} }: Program,
  onDeath: (death: string) => void,
): BankProcess {
  let life: Life | undefined;
  const end = async (signal: NodeJS.Signals) => {
    if (!life) return;
    life.expected = true;
    life.child.kill(signal);
    await life.ended;
  };
  return {
    name,
    start: async () => {
      const child = fork(script, [...words], {
        env: { PATH: process.env['PATH'], ...env },
        silent: true,
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on('data', (text: Buffer) => {
          output = (output + text.toString()).slice(-OUTPUT_KEPT_MAX);
        });
      }
      const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
      const started: Life = { child, ended, expected: false };
      life = started;
      void ended.then(() => {
        const how = child.signalCode ?? child.exitCode;
        if (!started.expected) onDeath(`${name} ended with ${how}: ${output}`);
      });
      await readiness(child, () => output);
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

/** Rejects with what it wrote when it ends before it is ready. */
function readiness(child: ChildProcess, output: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: ReadyMessage | FailedMessage) => {
      if (message.type === 'ready') resolve();
      else reject(new Error(message.message));
    });
    child.once('close', () => reject(new Error(`it ended before it was ready: ${output()}`)));
  });
}
