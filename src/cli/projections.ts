// `daybook projections`: what read models there are, how far they are, and building them anew.
import { isFinal } from '../../projections/engine/projector.js';
import { readModelsIn } from '../../projections/engine/queries.js';
import { RebuildCancelled, RebuildRunning, rebuild } from '../../projections/engine/rebuild.js';
import { READ_MODELS } from '../../projections/registry.js';
import { type ProjectionStatus, projectionStatus } from '../../projections/status/queries.js';
import { type EventStore } from '../event-store/event-store.js';
import { eventStoreDb } from '../event-store/eventstoredb.js';
import { Failure } from '../platform/failure.js';
import { type Logger, createLogger } from '../platform/logger.js';
import { createPool } from '../platform/postgres.js';
import { databaseUrl, eventStoreUrl, loadConfig } from '../platform/service-config.js';
import { type Progress, createTerminal } from './terminal.js';
import { type RegisterVerb } from './register-verb.js';

/** The rebuild's own connection, the one that swaps, and none to spare. */
const CONNECTIONS = 2;

export const registerProjections: RegisterVerb = (program) => {
  const projections = program.command('projections').description('look after the read models');
  projections.command('list').description('name the read models').action(list);
  projections
    .command('status')
    .description('show how far each is, and how far behind the log')
    .action(status);
  projections
    .command('rebuild')
    .description('build read models anew from the log, beside the live ones, then swap them')
    .argument(
      '[name]',
      'one read model; for now all are built together, as they share a checkpoint',
    )
    .option('--all', 'all of them')
    .action(rebuildVerb);
};

function list({ json = false }: { json?: boolean }): void {
  const names = READ_MODELS.map(({ name }) => name);
  createTerminal({ json }).result({ projections: names }, names.join('\n'));
}

async function status({ json = false }: { json?: boolean }): Promise<void> {
  const statuses = await withStores(({ pool, store }) =>
    projectionStatus(readModelsIn(pool), store),
  );
  createTerminal({ json }).result({ projections: statuses }, statuses.map(statusLine).join('\n'));
}

function statusLine(status: ProjectionStatus): string {
  const { projection, generation, state, ledger, revision, position, events, lag } = status;
  const place = position === null ? 'nothing yet' : `position ${position}, ${ledger}@${revision}`;
  const behind = lag === null ? 'lag unknown' : lag === 0 ? 'caught up' : `${lag} events behind`;
  const words = [`generation ${generation}`, state, place, `${events} events`, behind];
  return `${projection.padEnd(NAME_WIDTH)}${words.join(' · ')}`;
}

const NAME_WIDTH = 2 + Math.max(...READ_MODELS.map(({ name }) => name.length));

async function rebuildVerb(
  name: string | undefined,
  { all = false, json = false }: { all?: boolean; json?: boolean },
): Promise<void> {
  checkName(name, all);
  const terminal = createTerminal({ json });
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  let progress: Progress | undefined;
  const onProgress = (events: number, expected: number) => {
    progress ??= terminal.progress('Rebuilding', expected);
    progress.update(events);
  };
  const built = await withStores((stores) =>
    rebuild({ ...stores, signal: stopping.signal, onProgress }),
  )
    .catch((error: unknown) => {
      throw asFailure(error);
    })
    .finally(() => progress?.stop());
  const { generation, replaced, events } = built;
  terminal.result(
    built,
    `Rebuilt from ${events} events: generation ${generation} replaced generation ${replaced}.`,
  );
}

function checkName(name: string | undefined, all: boolean): void {
  const known = READ_MODELS.map((readModel) => readModel.name);
  if (name === undefined && !all) {
    throw new Failure('usage', `Say which: ${known.join(', ')}, or --all.`);
  }
  if (name !== undefined && !known.includes(name)) {
    throw new Failure('usage', `There is no read model "${name}"; there are ${known.join(', ')}.`);
  }
}

function asFailure(error: unknown): unknown {
  if (error instanceof RebuildRunning || error instanceof RebuildCancelled) {
    return new Failure('refused', error.message, { cause: error });
  }
  if (isFinal(error) && error instanceof Error) {
    return new Failure('findings', error.message, { cause: error });
  }
  return error;
}

interface Stores {
  readonly pool: ReturnType<typeof createPool>;
  readonly store: EventStore;
  readonly log: Logger;
}

async function withStores<T>(work: (stores: Stores) => Promise<T>): Promise<T> {
  const config = loadConfig();
  // What is worth saying is said on the terminal; the log would be mixed into the result.
  const log = createLogger('projections', 'silent');
  const store = eventStoreDb(eventStoreUrl(config), log);
  const pool = createPool({
    databaseUrl: databaseUrl(config),
    applicationName: 'daybook-projections',
    logger: log,
    size: CONNECTIONS,
  });
  try {
    return await work({ pool, store, log });
  } finally {
    await Promise.all([pool.end(), store.close()]);
  }
}
