// Everything that is measured, on one event node and one Postgres: contenders and ceilings, each started
// when it is first asked for and kept until the end.
import { type Pool } from 'pg';
import { type EventStore } from '../src/event-store/event-store.js';
import { eventStoreDb } from '../src/event-store/eventstoredb.js';
import { createLogger } from '../src/platform/logger.js';
import { createPool } from '../src/platform/postgres.js';
import { type BenchProcess } from './bench-process.js';
import { measureAppends, measureReads } from './ceilings/bare-client.js';
import { type CeilingName, type CeilingRun } from './ceilings/ceiling.js';
import { measureCopy } from './ceilings/copy-rows.js';
import { measureDurableWrites } from './ceilings/durable-writes.js';
import { startBaseline } from './contenders/baseline.js';
import { type Contender } from './contenders/contender.js';
import { startDaybook } from './contenders/daybook.js';
import { emmett } from './contenders/emmett.js';
import { sql } from './contenders/sql.js';
import { runLoad } from './load/run-load.js';
import { type BenchStores, startStores } from './stores.js';

export const CONTENDERS = ['daybook', 'sql', 'emmett'] as const;
export type ContenderName = (typeof CONTENDERS)[number];

/** Events that the bare client appends at once. */
const GROUP = 500;
const WARM_UP = { connections: 16, seconds: 3 };

export class Stage {
  private readonly started = new Map<string, Promise<Contender>>();
  private readonly others = new Set<BenchStores>();
  private emptyEndpoint: Promise<string> | undefined;

  private constructor(
    readonly stores: BenchStores,
    readonly store: EventStore,
    readonly pool: Pool,
    /** Undefined when read models are not to be made. */
    private readonly projector: BenchProcess | undefined,
  ) {}

  /** @param withProjector whether Daybook's read models are made meanwhile. */
  static async start(withProjector: boolean): Promise<Stage> {
    const stores = await startStores();
    const log = createLogger('bench', 'silent');
    const { databaseUrl } = stores;
    const store = eventStoreDb(stores.eventStoreUrl, log);
    const pool = createPool({ databaseUrl, applicationName: 'bench', logger: log, size: 1 });
    try {
      const projector = withProjector ? await stores.startProjector() : undefined;
      return new Stage(stores, store, pool, projector);
    } catch (error) {
      await Promise.all([store.close(), pool.end()]);
      await stores.remove();
      throw error;
    }
  }

  /** @param processes that take requests. */
  contender(name: ContenderName, processes = 1): Promise<Contender> {
    const key = `${name} ${processes}`;
    const started = this.started.get(key) ?? this.start(name, processes);
    this.started.set(key, started);
    return started;
  }

  /** Stores of their own for `work`, gone when it has ended. */
  async onOwnStores<T>(work: (stores: BenchStores) => Promise<T>): Promise<T> {
    const stores = await startStores();
    this.others.add(stores);
    try {
      return await work(stores);
    } finally {
      this.others.delete(stores);
      await stores.remove();
    }
  }

  async ceiling(name: CeilingName, seconds: number): Promise<CeilingRun> {
    const { eventStoreUrl, databaseUrl, folder } = this.stores;
    switch (name) {
      case 'durable 1 kB write':
        return measureDurableWrites(folder, seconds);
      case 'empty endpoint, 1 connection':
        return this.nothing(1, seconds);
      case 'empty endpoint, 16 connections':
        return this.nothing(16, seconds);
      case 'empty endpoint, 64 connections':
        return this.nothing(64, seconds);
      case 'bare client, append of 1':
        return measureAppends(eventStoreUrl, { events: 1, seconds });
      case 'bare client, append of 500':
        return measureAppends(eventStoreUrl, { events: GROUP, seconds });
      case 'bare client, read':
        return measureReads(eventStoreUrl, seconds);
      case 'COPY, rows':
        return measureCopy(databaseUrl, seconds);
    }
  }

  /** Ends every process and removes the folder. */
  async stop(): Promise<void> {
    const started = await Promise.allSettled(this.started.values());
    const running = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    await Promise.all(running.map((contender) => contender.close()));
    await Promise.all([this.store.close(), this.pool.end()]);
    await Promise.all([this.stores, ...this.others].map((stores) => stores.remove()));
  }

  private start(name: ContenderName, processes: number): Promise<Contender> {
    const { stores, store, pool, projector } = this;
    switch (name) {
      case 'daybook':
        return startDaybook(stores, { name, processes, projector, store, pool });
      case 'sql':
        return startBaseline(stores, sql, processes);
      case 'emmett':
        return startBaseline(stores, emmett, processes);
    }
  }

  private async nothing(connections: number, seconds: number): Promise<CeilingRun> {
    this.emptyEndpoint ??= this.warmEmptyEndpoint();
    return this.nothingAt(await this.emptyEndpoint, connections, seconds);
  }

  /** A new process is slow at first. */
  private async warmEmptyEndpoint(): Promise<string> {
    const { url } = await this.stores.startOwn('ceilings/empty-endpoint/main.js', {});
    await this.nothingAt(url, WARM_UP.connections, WARM_UP.seconds);
    return url;
  }

  private async nothingAt(url: string, connections: number, seconds: number): Promise<CeilingRun> {
    const { result } = await runLoad({
      urls: [url],
      token: this.stores.token,
      ledgers: [],
      work: { kind: 'nothing' },
      spread: { accounts: 2, choice: 'uniform' },
      connections,
      seconds,
      mayRefuse: false,
    });
    const [problem] = Object.entries(result.failures);
    if (problem) throw new Error(`the empty endpoint answered ${problem.join(': ')}`);
    return { perSecond: result.operations / result.seconds, latencyMs: result.latencyMs };
  }
}
