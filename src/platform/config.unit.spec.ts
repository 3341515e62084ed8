import { generateKeyPairSync } from 'node:crypto';
import { isEmbedded, readConfig, type Config } from './config.js';

const SECRET = 'a-secret-of-at-least-thirty-two-signs';
const STORES = {
  EVENTSTORE_URL: 'esdb://127.0.0.1:2113?tls=false',
  DATABASE_URL: 'postgres://daybook:pw@127.0.0.1:5432/daybook',
};

function configOf(environment: Record<string, string>): Config {
  const result = readConfig(environment, '/srv');
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.config;
}

function problemsOf(environment: Record<string, string>): string[] {
  const result = readConfig(environment, '/srv');
  return result.ok ? [] : result.problems;
}

describe('when nothing is set', () => {
  it('runs embedded with the documented defaults', () => {
    const config = configOf({});
    expect(config).toEqual({
      port: 3000,
      host: '127.0.0.1',
      dataFolder: '/srv/.daybook',
      eventStoreUrl: undefined,
      databaseUrl: undefined,
      jwt: { key: undefined, issuer: undefined, audience: undefined },
      logLevel: 'info',
      demo: true,
    });
    expect(isEmbedded(config)).toBe(true);
  });

  it('takes an empty or blank value for an absent one', () => {
    expect(configOf({ PORT: '', HOST: ' ', EVENTSTORE_URL: '', JWT_SECRET: '' })).toEqual(
      configOf({}),
    );
  });
});

describe('when settings are valid', () => {
  it('reads every one of them', () => {
    const config = configOf({
      ...STORES,
      PORT: '8080',
      HOST: '0.0.0.0',
      DAYBOOK_DATA: '/var/lib/daybook',
      JWT_SECRET: SECRET,
      JWT_ISSUER: 'https://issuer.example',
      JWT_AUDIENCE: 'daybook',
      LOG_LEVEL: 'debug',
      DAYBOOK_DEMO: 'off',
    });
    expect(config).toEqual({
      port: 8080,
      host: '0.0.0.0',
      dataFolder: '/var/lib/daybook',
      eventStoreUrl: STORES.EVENTSTORE_URL,
      databaseUrl: STORES.DATABASE_URL,
      jwt: {
        key: { kind: 'secret', secret: SECRET },
        issuer: 'https://issuer.example',
        audience: 'daybook',
      },
      logLevel: 'debug',
      demo: false,
    });
    expect(isEmbedded(config)).toBe(false);
  });

  it('accepts a cluster, discovery and several hosts', () => {
    for (const url of [
      'esdb+discover://admin:changeit@cluster.example:2113',
      'esdb://a.example:2113,b.example:2113,c.example:2113?nodePreference=leader',
    ]) {
      expect(configOf({ EVENTSTORE_URL: url }).eventStoreUrl).toBe(url);
    }
  });

  it('accepts a public key whose line breaks are written as \\n', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const { key } = configOf({ JWT_PUBLIC_KEY: pem.replaceAll('\n', '\\n') }).jwt;
    expect(key).toEqual({ kind: 'public-key', pem: pem.trimEnd() + '\n' });
  });

  it('accepts a key set by its address', () => {
    const url = 'https://issuer.example/.well-known/jwks.json';
    expect(configOf({ ...STORES, JWKS_URL: url }).jwt.key).toEqual({ kind: 'jwks', url });
  });
});

describe('when a setting is wrong', () => {
  it.each([
    ['PORT', '65536', 'PORT is "65536": use a whole number from 1 to 65535'],
    ['PORT', '-1', 'PORT is "-1"'],
    ['PORT', '3e3', 'PORT is "3e3"'],
    ['HOST', 'http://x', 'HOST is "http://x": use a host name'],
    ['EVENTSTORE_URL', 'http://localhost:2113', 'EVENTSTORE_URL is not an EventStoreDB address'],
    ['EVENTSTORE_URL', 'esdb://', 'EVENTSTORE_URL is not'],
    ['DATABASE_URL', 'mysql://localhost/x', 'DATABASE_URL is not a Postgres address'],
    ['DATABASE_URL', 'localhost:5432', 'DATABASE_URL is not'],
    ['JWT_SECRET', 'short', 'JWT_SECRET has 5 characters: use at least 32'],
    ['JWT_PUBLIC_KEY', 'ssh-rsa AAAA', 'JWT_PUBLIC_KEY is not a public key'],
    ['JWKS_URL', 'issuer.example', 'JWKS_URL is not a web address'],
    ['LOG_LEVEL', 'verbose', 'LOG_LEVEL is "verbose": use one of trace, debug'],
    ['DAYBOOK_DEMO', 'no', 'DAYBOOK_DEMO is "no": use on or off.'],
  ])('names %s=%s and says what would be right', (name, value, expected) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
    expect(problems[0]).not.toContain('\n');
  });

  it('reports every problem, one line each', () => {
    expect(problemsOf({ PORT: 'x', LOG_LEVEL: 'y', DAYBOOK_DEMO: 'z' })).toHaveLength(3);
  });

  it('never repeats a connection string, which may hold a password', () => {
    const [problem] = problemsOf({ DATABASE_URL: 'mysql://root:hunter2@db/x' });
    expect(problem).not.toContain('hunter2');
  });
});

describe('the key that tokens are verified with', () => {
  it('may be left out by whoever verifies none', () => {
    expect(problemsOf(STORES)).toEqual([]);
  });

  it('is one of the three, never two', () => {
    const problems = problemsOf({ JWT_SECRET: SECRET, JWKS_URL: 'https://issuer.example/keys' });
    expect(problems).toEqual([expect.stringContaining('exclude each other')]);
  });
});
