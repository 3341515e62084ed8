// What the environment says, as one typed value or as a list of problems in plain words.
// Pure: reads the record it is given, touches no file and no clock, so that every rule is a unit test.
import { createPublicKey } from 'node:crypto';
import { resolve } from 'node:path';

const PORT_DEFAULT = 3000;
export const HOST_DEFAULT = '127.0.0.1';
export const DATA_FOLDER_DEFAULT = './.daybook';
export const PORT_MAX = 65_535;
/** HS256 signs with 256 bits; a shorter secret is weaker than the signature it makes. */
const JWT_SECRET_LENGTH_MIN = 32;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** How a bearer token is verified: exactly one of three ways. */
export type JwtKey =
  | { kind: 'secret'; secret: string }
  | { kind: 'public-key'; pem: string }
  | { kind: 'jwks'; url: string };

/** Everything the settings say. A store or key that is `undefined` is an embedded one. */
export interface Config {
  /** TCP port of the API; 0 picks a free one. */
  port: number;
  host: string;
  /** Absolute path of the folder that holds the embedded stores, their logs and secrets. */
  dataFolder: string;
  /** `esdb://` connection string; undefined starts the embedded event node. */
  eventStoreUrl: string | undefined;
  /** `postgres://` connection string; undefined starts the embedded Postgres. */
  databaseUrl: string | undefined;
  jwt: { key: JwtKey | undefined; issuer: string | undefined; audience: string | undefined };
  logLevel: LogLevel;
  /** Whether the first start opens the ledger `demo`. */
  demo: boolean;
}

/** The settings once both stores are known: what the projector runs on. */
export interface StoresConfig extends Config {
  eventStoreUrl: string;
  databaseUrl: string;
}

/** The settings once the key is known too: what the API runs on. */
export interface ServiceConfig extends StoresConfig {
  jwt: { key: JwtKey; issuer: string | undefined; audience: string | undefined };
}

export type ConfigResult = { ok: true; config: Config } | { ok: false; problems: string[] };
type Environment = Readonly<Record<string, string | undefined>>;

/** Raised by one setting; the message is one line: which setting, what is wrong, what is right. */
class SettingProblem extends Error {}

/**
 * Reads every setting and reports every problem, not only the first.
 * @param environment usually `process.env`; an empty value counts as absent.
 * @param folder what a relative `DAYBOOK_DATA` starts from.
 */
export function readConfig(environment: Environment, folder: string): ConfigResult {
  const problems: string[] = [];
  const read = <T>(name: string, parse: (text: string | undefined) => T): T | undefined => {
    try {
      return parse(environment[name]?.trim() || undefined);
    } catch (error) {
      if (!(error instanceof SettingProblem)) throw error;
      problems.push(`${name} ${error.message}`);
      return undefined;
    }
  };
  const eventStoreUrl = read('EVENTSTORE_URL', eventStoreUrlFrom);
  const databaseUrl = read('DATABASE_URL', databaseUrlFrom);
  const keys = [
    read('JWT_SECRET', secretFrom),
    read('JWT_PUBLIC_KEY', publicKeyFrom),
    read('JWKS_URL', jwksFrom),
  ].filter((key) => key !== undefined);
  const config: Config = {
    port: read('PORT', portFrom) ?? PORT_DEFAULT,
    host: read('HOST', hostFrom) ?? HOST_DEFAULT,
    dataFolder: resolve(folder, read('DAYBOOK_DATA', optional) ?? DATA_FOLDER_DEFAULT),
    eventStoreUrl,
    databaseUrl,
    jwt: {
      key: keys[0],
      issuer: read('JWT_ISSUER', optional),
      audience: read('JWT_AUDIENCE', optional),
    },
    logLevel: read('LOG_LEVEL', logLevelFrom) ?? 'info',
    demo: read('DAYBOOK_DEMO', switchFrom) ?? true,
  };
  if (keys.length > 1) problems.push(SEVERAL_KEYS);
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems };
}

/** True when at least one store is ours, which is when Daybook may make up a secret of its own. */
export function isEmbedded(config: Config): boolean {
  return config.eventStoreUrl === undefined || config.databaseUrl === undefined;
}

const SEVERAL_KEYS = 'JWT_SECRET, JWT_PUBLIC_KEY and JWKS_URL exclude each other: set one of them.';

/** What to tell whoever needs a key where Daybook may not make one up. */
export const NO_KEY =
  'JWT_SECRET is missing: with EVENTSTORE_URL and DATABASE_URL set, set JWT_SECRET ' +
  `(at least ${JWT_SECRET_LENGTH_MIN} characters), JWT_PUBLIC_KEY or JWKS_URL.`;

function optional(text: string | undefined): string | undefined {
  return text;
}

function portFrom(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port >= 0 && port <= PORT_MAX) return port;
  throw new SettingProblem(
    `is "${text}": use a whole number from 1 to ${PORT_MAX}, or 0 for any free port.`,
  );
}

function hostFrom(text: string | undefined): string | undefined {
  if (text === undefined || /^[A-Za-z0-9.:_-]+$/.test(text)) return text;
  throw new SettingProblem(
    `is "${text}": use a host name or an address to listen on, such as ${HOST_DEFAULT} or 0.0.0.0.`,
  );
}

function eventStoreUrlFrom(text: string | undefined): string | undefined {
  if (text === undefined || /^esdb(\+discover)?:\/\/[^\s/?]+/.test(text)) return text;
  throw new SettingProblem(
    'is not an EventStoreDB address: use esdb://host:2113?tls=false or esdb+discover://host:2113.',
  );
}

// Connection strings may hold passwords, so a wrong one is described and never repeated.
function databaseUrlFrom(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^postgres(ql)?:$/.test(url.protocol) && url.hostname !== '') return text;
  throw new SettingProblem(
    'is not a Postgres address: use postgres://user:password@host:5432/database.',
  );
}

function secretFrom(secret: string | undefined): JwtKey | undefined {
  if (secret === undefined) return undefined;
  if (secret.length >= JWT_SECRET_LENGTH_MIN) return { kind: 'secret', secret };
  throw new SettingProblem(
    `has ${secret.length} characters: use at least ${JWT_SECRET_LENGTH_MIN}, ` +
      'for example the output of: openssl rand -hex 32',
  );
}

function publicKeyFrom(text: string | undefined): JwtKey | undefined {
  if (text === undefined) return undefined;
  // Environment files hold one line per setting, so line breaks often arrive as the two signs \n.
  const pem = text.replaceAll('\\n', '\n');
  try {
    createPublicKey(pem);
  } catch {
    throw new SettingProblem(
      'is not a public key: use PEM text that starts with -----BEGIN PUBLIC KEY-----.',
    );
  }
  return { kind: 'public-key', pem };
}

function jwksFrom(text: string | undefined): JwtKey | undefined {
  if (text === undefined) return undefined;
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) {
    return { kind: 'jwks', url: text };
  }
  throw new SettingProblem(
    'is not a web address: use https://your-issuer/.well-known/jwks.json or the like.',
  );
}

function logLevelFrom(text: string | undefined): LogLevel | undefined {
  const level = LOG_LEVELS.find((name) => name === text);
  if (text === undefined || level !== undefined) return level;
  throw new SettingProblem(`is "${text}": use one of ${LOG_LEVELS.join(', ')}.`);
}

function switchFrom(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (text === 'on' || text === 'off') return text === 'on';
  throw new SettingProblem(`is "${text}": use on or off.`);
}
