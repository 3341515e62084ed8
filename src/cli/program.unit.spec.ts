import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jsonwebtoken from 'jsonwebtoken';
import { runProgram } from './program.js';

const EXPORT = ['export', '--ledger', 'demo', '--format', 'jsonl', '--out', 'out'];
const SECRET = 'a-secret-of-at-least-thirty-two-signs';
const environment = process.env;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-cli-'));
  process.env = { PATH: environment['PATH'], DAYBOOK_DATA: folder };
});

afterEach(() => {
  process.env = environment;
  rmSync(folder, { recursive: true, force: true });
});

interface Outcome {
  exitCode: number;
  out: string;
  err: string;
}

async function daybook(...words: string[]): Promise<Outcome> {
  const written = { out: '', err: '' };
  const capture = (stream: 'out' | 'err') => (text: string | Uint8Array) => {
    written[stream] += text.toString();
    return true;
  };
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(capture('out')),
    jest.spyOn(process.stderr, 'write').mockImplementation(capture('err')),
  ];
  try {
    return { exitCode: await runProgram(words), ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

function claimsOf(token: string, secret: string): jsonwebtoken.JwtPayload {
  return jsonwebtoken.verify(token.trim(), secret, {
    algorithms: ['HS256'],
    complete: false,
  }) as jsonwebtoken.JwtPayload;
}

describe('the command line', () => {
  it('lists every verb in its help and exits with 0', async () => {
    const { exitCode, out } = await daybook('--help');
    expect(exitCode).toBe(0);
    for (const verb of ['up', 'api', 'projector', 'migrate', 'token']) {
      expect(out).toMatch(new RegExp(`^ +${verb} `, 'm'));
    }
  });

  it.each([
    ['an unknown verb', ['tokn']],
    ['an unknown option', ['migrate', '--force']],
    ['a role that does not exist', ['token', '--role', 'root']],
    ['a missing role', ['token', '--ledger', 'demo']],
    ['a time that is none', ['token', '--role', 'admin', '--ttl', '1w']],
    ['no time at all', ['token', '--role', 'admin', '--ttl', '0s']],
    ['a time beyond a year', ['token', '--role', 'admin', '--ttl', '366d']],
    ['a login that is no name', ['analyst', '--name', 'Ann O']],
    ["a login of Postgres' own", ['analyst', '--name', 'pg_read_all_data']],
    ['a login that Postgres reserves', ['analyst', '--name', 'public']],
    ['an export of no ledger', ['export', '--format', 'jsonl', '--out', 'out']],
    ['an export in no format', ['export', '--ledger', 'demo', '--out', 'out']],
    ['an export to nowhere', ['export', '--ledger', 'demo', '--format', 'jsonl']],
    ['a format that does not exist', [...EXPORT, '--format', 'xml']],
    ['a date that is none', [...EXPORT, '--from', '2026-02-30']],
    ['a time without its offset', [...EXPORT, '--to', '2026-02-03T10:00:00']],
    ['the import of a format that does not exist', ['import', 'file', '--format', 'xml']],
    ['no verb where there are several', ['projections']],
  ])('answers %s with 2: in words on standard error, or as JSON', async (_what, words) => {
    const { exitCode, out, err } = await daybook(...words);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toMatch(/^(error:|Usage:)/);
    const told = await daybook(...words, '--json');
    expect([told.exitCode, told.err]).toEqual([2, '']);
    expect(JSON.parse(told.out)).toEqual({
      error: {
        exitCode: 2,
        message: expect.stringMatching(/[^.]\. Try: daybook --help$/) as string,
      },
    });
  });

  it.each([
    ['what is no ledger id', ['--ledger', 'Demo'], '"Demo" is not a ledger id'],
    ['no time at all', ['--from', '2026-01-02', '--to', '2026-01-02'], 'is not before --to'],
  ])('answers an export of %s with 2 and what is right', async (_what, words, told) => {
    const { exitCode, err } = await daybook(...EXPORT, ...words);
    expect([exitCode, err]).toEqual([2, expect.stringContaining(told)]);
  });

  it.each([
    ['a name that is too long', 'x'.repeat(256), 'choose a shorter --out'],
    ['a file in the way', 'file/out', 'a file is in the way'],
    ['a file further up', 'file/over/out', 'a file is in the way'],
  ])('answers an export to %s with 2 and what to do', async (_what, out, told) => {
    writeFileSync(join(folder, 'file'), '');
    const { exitCode, err } = await daybook(...EXPORT, '--out', join(folder, out));
    expect([exitCode, err]).toEqual([2, expect.stringContaining(told)]);
  });

  it('answers wrong settings with 2 and one line for each', async () => {
    process.env['PORT'] = 'x';
    process.env['LOG_LEVEL'] = 'y';
    const { exitCode, err } = await daybook('token', '--role', 'admin');
    expect(exitCode).toBe(2);
    expect(err.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^daybook: PORT is "x"/),
      expect.stringMatching(/^daybook: LOG_LEVEL is "y"/),
    ]);
  });

  it('answers a verb that needs the stores with 4 while nothing runs', async () => {
    const { exitCode, err } = await daybook('migrate');
    expect(exitCode).toBe(4);
    expect(err).toBe(
      `daybook: Daybook is not running on ${folder}: npm start, or set EVENTSTORE_URL and DATABASE_URL.\n`,
    );
  });

  it('asks for the key of tokens only where tokens are signed or verified', async () => {
    process.env['EVENTSTORE_URL'] = 'esdb://127.0.0.1:1?tls=false';
    process.env['DATABASE_URL'] = 'postgres://nobody@127.0.0.1:1/nowhere';
    for (const words of [['migrate'], ['projections', 'list']]) {
      const { exitCode, err } = await daybook(...words);
      expect([exitCode, err]).toEqual([4, expect.stringContaining('ECONNREFUSED')]);
    }
    for (const words of [['token', '--role', 'admin'], ['api']]) {
      const { exitCode, err } = await daybook(...words);
      expect([exitCode, err]).toEqual([2, expect.stringContaining('JWT_SECRET is missing: with')]);
    }
  });

  it('says what went wrong as JSON when asked to', async () => {
    const { exitCode, out, err } = await daybook('migrate', '--json');
    expect(exitCode).toBe(4);
    expect(err).toBe('');
    expect(JSON.parse(out)).toEqual({
      error: { exitCode: 4, message: expect.stringContaining('not running') as string },
    });
  });
});

describe('token', () => {
  it('signs the role, the ledgers and who asked, valid for an hour', async () => {
    process.env['JWT_SECRET'] = SECRET;
    const { exitCode, out } = await daybook(
      ...['token', '--role', 'operator', '--ledger', 'demo', '--ledger', 'other'],
    );
    expect(exitCode).toBe(0);
    const claims = claimsOf(out, SECRET);
    expect(claims).toMatchObject({ role: 'operator', ledgers: ['demo', 'other'] });
    expect(claims.sub).toMatch(/\S/);
    expect(claims.exp! - claims.iat!).toBe(3_600);
    expect(claims).not.toHaveProperty('iss');
    expect(claims).not.toHaveProperty('aud');
  });

  it('names the issuer and the audience where they are set', async () => {
    Object.assign(process.env, { JWT_SECRET: SECRET, JWT_ISSUER: 'us', JWT_AUDIENCE: 'them' });
    const { out } = await daybook('token', '--role', 'admin', '--ttl', '7d');
    const claims = claimsOf(out, SECRET);
    expect(claims).toMatchObject({ iss: 'us', aud: 'them', ledgers: ['*'] });
    expect(claims.exp! - claims.iat!).toBe(7 * 86_400);
  });

  it('refuses what is no ledger id, and what is to be one but for the sign of all', async () => {
    const asReader = ['token', '--role', 'reader', '--ledger'];
    expect((await daybook(...asReader, '*')).exitCode).toBe(0);
    for (const ledger of ['Shop', 'a b', '', '**']) {
      const { exitCode, err } = await daybook(...asReader, 'shop', '--ledger', ledger);
      expect([exitCode, err]).toEqual([2, expect.stringContaining(`"${ledger}" is not a ledger`)]);
    }
  });

  it('asks for a ledger unless the role is admin', async () => {
    const { exitCode, err } = await daybook('token', '--role', 'reader');
    expect(exitCode).toBe(2);
    expect(err).toContain('add --ledger <id>');
  });

  it('makes up a secret once and keeps it for the owner only', async () => {
    const first = await daybook('token', '--role', 'admin');
    const second = await daybook('token', '--role', 'admin', '--json');
    const path = join(folder, 'jwt-secret');
    const secret = readFileSync(path, 'utf8').trim();
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    claimsOf(first.out, secret);
    const { token, expiresAt } = JSON.parse(second.out) as Record<string, string>;
    expect(claimsOf(token!, secret).exp! * 1_000).toBe(Date.parse(expiresAt!));
  });

  it('refuses where tokens come from an identity provider', async () => {
    process.env['JWKS_URL'] = 'https://issuer.example/keys';
    const { exitCode, err } = await daybook('token', '--role', 'admin');
    expect(exitCode).toBe(2);
    expect(err).toContain('identity provider');
  });
});
