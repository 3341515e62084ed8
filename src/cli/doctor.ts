// `daybook doctor`: one page that says what is wrong, and what to do.
import { type Pool } from 'pg';
import { type EventStore } from '../event-store/event-store.js';
import { eventStoreDb } from '../event-store/eventstoredb.js';
import { type Config } from '../platform/config.js';
import { Failure, FindingsTold } from '../platform/failure.js';
import { createLogger } from '../platform/logger.js';
import { createPool } from '../platform/postgres.js';
import { databaseUrl, eventStoreUrl, loadConfig } from '../platform/service-config.js';
import { type Diagnosis, bad, examineAll, pageOf } from './doctor/diagnosis.js';
import { readModelExaminations } from './doctor/read-models.js';
import { diskExamination, eventStoreExamination, postgresExaminations } from './doctor/stores.js';
import { type RegisterVerb } from './register-verb.js';
import { createTerminal } from './terminal.js';

const CONNECTIONS = 2;

export const registerDoctor: RegisterVerb = (program) => {
  program
    .command('doctor')
    .description('say what is wrong, and what to do')
    .action(async ({ json = false }: { json?: boolean }) => {
      const diagnoses = await diagnose(loadConfig());
      const isWell = diagnoses.every(({ level }) => level !== 'bad');
      createTerminal({ json }).result({ ok: isWell, diagnoses }, pageOf(diagnoses));
      if (!isWell) throw new FindingsTold();
    });
};

async function diagnose(config: Config): Promise<Diagnosis[]> {
  const urls = addresses(config);
  const isEmbedded = config.eventStoreUrl === undefined || config.databaseUrl === undefined;
  const disk = isEmbedded ? [diskExamination(config.dataFolder)] : [];
  if (urls instanceof Failure) {
    const notRunning = { name: 'stores', ...bad(urls.message, 'npm start') };
    return [notRunning, ...(await examineAll(disk))];
  }
  return withStores(urls, (stores) =>
    examineAll([
      eventStoreExamination(stores.store),
      ...postgresExaminations(stores.pool),
      ...readModelExaminations(stores),
      ...disk,
    ]),
  );
}

interface Addresses {
  readonly eventStore: string;
  readonly database: string;
}

function addresses(config: Config): Addresses | Failure {
  try {
    return { eventStore: eventStoreUrl(config), database: databaseUrl(config) };
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

async function withStores<T>(
  { eventStore, database }: Addresses,
  work: (stores: { readonly store: EventStore; readonly pool: Pool }) => Promise<T>,
): Promise<T> {
  const log = createLogger('doctor', 'silent');
  const store = eventStoreDb(eventStore, log);
  const pool = createPool({
    ...{ databaseUrl: database, applicationName: 'daybook-doctor', logger: log },
    size: CONNECTIONS,
  });
  try {
    return await work({ store, pool });
  } finally {
    await Promise.all([pool.end(), store.close()]);
  }
}
