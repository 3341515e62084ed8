// Fills in what the settings leave open in embedded mode: the addresses of the stores that run on
// the data folder, and the secret that is kept there.
import { existsSync } from 'node:fs';
import {
  type Config,
  type JwtKey,
  NO_KEY,
  type ServiceConfig,
  type StoresConfig,
  isEmbedded,
  readConfig,
} from './config.js';
import { Failure } from './failure.js';
import { keptSecret } from './private-file.js';
import { readRuntime, type Stores } from './runtime-file.js';

const JWT_SECRET_FILE = 'jwt-secret';

/**
 * The settings of this process, with those of a `.env` file beside it. Throws a Failure, one line
 * for each setting that is wrong.
 */
export function loadConfig(): Config {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const result = readConfig(process.env, process.cwd());
  if (!result.ok) throw new Failure('usage', result.problems.join('\n'));
  return result.config;
}

/** The key tokens are verified with; in embedded mode a secret made up once and kept. Throws a Failure. */
export function jwtKey(config: Config): JwtKey {
  if (config.jwt.key !== undefined) return config.jwt.key;
  if (!isEmbedded(config)) throw new Failure('usage', NO_KEY);
  return { kind: 'secret', secret: keptSecret(config.dataFolder, JWT_SECRET_FILE) };
}

/** Where the event store answers: as set, or on the data folder. Throws a Failure. */
export function eventStoreUrl(config: Config): string {
  return config.eventStoreUrl ?? embeddedStores(config).eventStoreUrl;
}

/** Where Postgres answers: as set, or on the data folder. Throws a Failure. */
export function databaseUrl(config: Config): string {
  return config.databaseUrl ?? embeddedStores(config).databaseUrl;
}

/** The configuration of a process that uses both stores. Throws a Failure. */
export function storesConfig(config: Config): StoresConfig {
  return { ...config, eventStoreUrl: eventStoreUrl(config), databaseUrl: databaseUrl(config) };
}

/** The configuration of a process that verifies tokens too. Throws a Failure. */
export function serviceConfig(config: Config): ServiceConfig {
  return { ...storesConfig(config), jwt: { ...config.jwt, key: jwtKey(config) } };
}

function embeddedStores({ dataFolder }: Config): Stores {
  const stores = readRuntime(dataFolder)?.stores;
  if (stores !== undefined) return stores;
  throw new Failure(
    'infrastructure',
    `Daybook is not running on ${dataFolder}: npm start, or set EVENTSTORE_URL and DATABASE_URL.`,
  );
}
