// Everything that `daybook up` runs, in the order in which it depends on each other: the stores
// side by side, the migrations, then the API and the projector side by side. Stopped in reverse.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config } from '../../platform/config.js';
import { Failure } from '../../platform/failure.js';
import { freePort } from '../../platform/free-port.js';
import { migrate } from '../../platform/migrations.js';
import { readIfPresent, writePrivateFile } from '../../platform/private-file.js';
import { type ReadyMessage } from '../../platform/process-frame.js';
import { type Stores } from '../../platform/runtime-file.js';
import { jwtKey } from '../../platform/service-config.js';
import { SupervisedChild, type ChildSpec } from './supervised-child.js';

const START_TIMEOUT_MS = 60_000;
/** The first start creates a database cluster, and a start after a crash replays the log. */
const POSTGRES_START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 20_000;
const POSTGRES_STOP_TIMEOUT_MS = 40_000;

type Limits = Pick<ChildSpec, 'startTimeoutMs' | 'stopTimeoutMs'>;
type ChildToStart = Omit<ChildSpec, 'logFile' | keyof Limits> & Partial<Limits>;

export class Stack {
  readonly #config: Config;
  readonly #note: (line: string) => void;
  readonly #children = new Map<string, SupervisedChild>();
  #stopping = false;

  /**
   * @param config with the port of the API already chosen.
   * @param note receives a line whenever something dies or is back.
   */
  constructor(config: Config, note: (line: string) => void) {
    this.#config = config;
    this.#note = note;
  }

  /** Starts the embedded stores, migrates, and returns where the stores answer. */
  async startStores(): Promise<Stores> {
    const ports = await this.#rememberedPorts();
    const [eventStoreUrl, databaseUrl] = await Promise.all([
      this.#config.eventStoreUrl ?? this.#startEventNode(ports.eventNode),
      this.#config.databaseUrl ?? this.#startPostgres(ports.postgres),
    ]);
    await migrate({ databaseUrl });
    return { eventStoreUrl, databaseUrl };
  }

  /** Starts the API and the projector and returns once both are ready. */
  async startServices(stores: Stores): Promise<void> {
    const environment = this.#environmentFor(stores);
    const script = scriptAt('../main.js');
    const start = (verb: string, label: string): Promise<ReadyMessage> =>
      this.#start(verb, { label, script, arguments: [verb], environment });
    await Promise.all([start('api', 'API'), start('projector', 'projector')]);
  }

  /** Stops everything, those that use a store before the store. Safe at any moment of the start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#children.get('api')?.stop();
    await this.#children.get('projector')?.stop();
    await Promise.all([...this.#children.values()].map((child) => child.stop()));
  }

  /** Ends everything at once. */
  kill(): void {
    this.#stopping = true;
    for (const child of this.#children.values()) child.kill();
  }

  async #startEventNode(port: number): Promise<string> {
    const data = join(this.#config.dataFolder, 'eventstore');
    await this.#start('event-node', {
      label: 'embedded event node',
      script: scriptAt('../../embedded/event-node/main.js'),
      arguments: ['--data', data, '--port', String(port)],
      environment: process.env,
    });
    return `esdb://127.0.0.1:${port}?tls=false`;
  }

  async #startPostgres(port: number): Promise<string> {
    const data = join(this.#config.dataFolder, 'postgres');
    const { url } = await this.#start('postgres', {
      label: 'embedded Postgres',
      script: scriptAt('../../embedded/postgres/main.js'),
      arguments: ['--data', data, '--port', String(port)],
      environment: process.env,
      startTimeoutMs: POSTGRES_START_TIMEOUT_MS,
      stopTimeoutMs: POSTGRES_STOP_TIMEOUT_MS,
    });
    if (url === undefined) throw new Error('The embedded Postgres did not say where it answers.');
    return url;
  }

  async #start(name: string, spec: ChildToStart): Promise<ReadyMessage> {
    if (this.#stopping) throw new Failure('infrastructure', 'Stopped while starting.');
    const logFile = join(this.#config.dataFolder, 'logs', `${name}.log`);
    const limits = { startTimeoutMs: START_TIMEOUT_MS, stopTimeoutMs: STOP_TIMEOUT_MS };
    const child = new SupervisedChild({ logFile, ...limits, ...spec }, this.#note);
    this.#children.set(name, child);
    return child.start();
  }

  // The same ports from start to start, as long as they are free, suit whoever wrote one down.
  async #rememberedPorts(): Promise<{ eventNode: number; postgres: number }> {
    const path = join(this.#config.dataFolder, 'ports.json');
    const remembered = JSON.parse(readIfPresent(path) ?? '{}') as Record<string, number>;
    const eventNode = await freePort(remembered['eventNode']);
    const postgres = await freePort(remembered['postgres']);
    writePrivateFile(path, JSON.stringify({ eventNode, postgres }));
    return { eventNode, postgres };
  }

  #environmentFor(stores: Stores): NodeJS.ProcessEnv {
    const key = jwtKey(this.#config);
    return {
      ...process.env,
      PORT: String(this.#config.port),
      HOST: this.#config.host,
      DAYBOOK_DATA: this.#config.dataFolder,
      EVENTSTORE_URL: stores.eventStoreUrl,
      DATABASE_URL: stores.databaseUrl,
      ...(key.kind === 'secret' && { JWT_SECRET: key.secret }),
    };
  }
}

function scriptAt(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
