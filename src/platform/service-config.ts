// Fills in what the settings leave open in embedded mode: the addresses of the stores that run on
// the data folder, and the secret that is kept there.
import { existsSync } from 'node:fs';
import { readConfig, isEmbedded, type Config, type JwtKey, type ServiceConfig } from './config.js';
import { keptSecret } from './private-file.js';
import { readRuntime } from './runtime-file.js';

const JWT_SECRET_FILE = 'jwt-secret';

/** The settings are wrong; `problems` has one line for each. */
export class ConfigInvalid extends Error {
  override name = 'ConfigInvalid';
  constructor(readonly problems: string[]) {
    super(problems.join('\n'));
  }
}

/** A store is embedded and nothing runs on the data folder. */
export class NotRunning extends Error {
  override name = 'NotRunning';
  constructor(dataFolder: string) {
    super(
      `Daybook is not running on ${dataFolder}: npm start, or set EVENTSTORE_URL and DATABASE_URL.`,
    );
  }
}

/** The settings of this process, with those of a `.env` file beside it. Throws ConfigInvalid. */
export function loadConfig(): Config {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const result = readConfig(process.env, process.cwd());
  if (!result.ok) throw new ConfigInvalid(result.problems);
  return result.config;
}

/** The key tokens are verified with; in embedded mode a secret made up once and kept. */
export function jwtKey(config: Config): JwtKey {
  if (config.jwt.key !== undefined) return config.jwt.key;
  if (!isEmbedded(config)) throw new ConfigInvalid(['JWT_SECRET is missing.']);
  return { kind: 'secret', secret: keptSecret(config.dataFolder, JWT_SECRET_FILE) };
}

/** The configuration of a service that uses the stores. Throws NotRunning. */
export function serviceConfig(config: Config): ServiceConfig {
  const stores = isEmbedded(config) ? readRuntime(config.dataFolder)?.stores : undefined;
  const eventStoreUrl = config.eventStoreUrl ?? stores?.eventStoreUrl;
  const databaseUrl = config.databaseUrl ?? stores?.databaseUrl;
  if (eventStoreUrl === undefined || databaseUrl === undefined) {
    throw new NotRunning(config.dataFolder);
  }
  return { ...config, eventStoreUrl, databaseUrl, jwt: { ...config.jwt, key: jwtKey(config) } };
}
