// Tokens for tests: right ones, and every wrong kind.
import { createSecretKey } from 'node:crypto';
import jsonwebtoken from 'jsonwebtoken';
import { type Role } from '../../src/identity/permissions.js';

export const TEST_SECRET = 'a secret for tests, long enough to be taken';

export interface Claims {
  readonly sub?: unknown;
  readonly role?: unknown;
  readonly ledgers?: unknown;
  readonly exp?: number;
  readonly nbf?: number;
  readonly iss?: string;
  readonly aud?: string;
}

export function tokenFor(role: Role, ledgers: readonly string[] = ['*']): string {
  return signed({ sub: `${role}@test`, role, ledgers });
}

/** Any claims, right or wrong. */
export function signed(claims: Claims, secret = TEST_SECRET): string {
  return jsonwebtoken.sign({ ...claims }, createSecretKey(Buffer.from(secret)), {
    algorithm: 'HS256',
  });
}

/** Header and payload as they are, without a signature: `alg: none`. */
export function unsigned(claims: Claims): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
}
