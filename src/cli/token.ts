// `daybook token`: signs a bearer token with Daybook's own secret.
import { createSecretKey } from 'node:crypto';
import { InvalidArgumentError, Option } from 'commander';
import jsonwebtoken from 'jsonwebtoken';
import { ALL_LEDGERS } from '../identity/identity.js';
import { ROLES, type Role } from '../identity/permissions.js';
import { type Config } from '../platform/config.js';
import { Failure } from '../platform/failure.js';
import { jwtKey, loadConfig } from '../platform/service-config.js';
import { checkLedgerId } from './ledger-id.js';
import { type RegisterVerb } from './register-verb.js';
import { createTerminal } from './terminal.js';
import { userName } from './user-name.js';

const TTL_DEFAULT = '1h';
const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
const TTL_MAX_SECONDS = 365 * SECONDS.d;

interface TokenOptions {
  role: Role;
  ledger?: string[];
  ttl: number;
  json?: true;
}

export const registerToken: RegisterVerb = (program) => {
  program
    .command('token')
    .description('print a bearer token for the API')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).makeOptionMandatory())
    .option(
      '--ledger <id>',
      `a ledger it may see; may be repeated, "${ALL_LEDGERS}" is every one`,
      collect,
    )
    .addOption(
      new Option('--ttl <time>', 'how long it is valid, such as 30m, 1h or 7d')
        .argParser(secondsOf)
        .default(secondsOf(TTL_DEFAULT), TTL_DEFAULT),
    )
    .action((options: TokenOptions) => {
      const token = signToken(loadConfig(), options);
      const { exp } = jsonwebtoken.decode(token) as { exp: number };
      const expiresAt = new Date(exp * 1_000).toISOString();
      createTerminal({ json: options.json ?? false }).result({ token, expiresAt }, token);
    });
};

function signToken(config: Config, { role, ledger, ttl }: TokenOptions): string {
  const ledgers = ledger ?? (role === 'admin' ? [ALL_LEDGERS] : undefined);
  if (ledgers === undefined) {
    throw new Failure(
      'usage',
      `A token for the role ${role} names its ledgers: add --ledger <id>.`,
    );
  }
  for (const id of ledgers) if (id !== ALL_LEDGERS) checkLedgerId(id);
  const key = jwtKey(config);
  if (key.kind !== 'secret') {
    throw new Failure(
      'usage',
      'Tokens come from your identity provider here, since JWT_PUBLIC_KEY or JWKS_URL is set.',
    );
  }
  const { issuer, audience } = config.jwt;
  return jsonwebtoken.sign({ role, ledgers }, createSecretKey(Buffer.from(key.secret)), {
    algorithm: 'HS256',
    subject: userName(),
    expiresIn: ttl,
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  });
}

function collect(id: string, earlier: string[] = []): string[] {
  return [...earlier, id];
}

function secondsOf(text: string): number {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * SECONDS[unit as keyof typeof SECONDS];
  if (seconds > 0 && seconds <= TTL_MAX_SECONDS) return seconds;
  throw new InvalidArgumentError('Use a number and s, m, h or d, such as 1h; at most 365d.');
}
