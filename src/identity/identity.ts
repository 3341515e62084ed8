// Who is acting, as the claims of a verified token say it.
import { ROLES, type Role } from './permissions.js';

/** In `ledgers`: every ledger. */
export const ALL_LEDGERS = '*';
const SUBJECT_LENGTH_MAX = 255;
const MS_PER_SECOND = 1_000;

export interface Identity {
  /** The token's subject; the actor of every event that follows. */
  readonly subject: string;
  readonly role: Role;
  readonly ledgers: readonly string[];
  /** When the token expires, in milliseconds since 1970; undefined when it does not. */
  readonly expiresAtMs?: number;
}

/** Null when a claim is missing or not of its kind. */
export function identityOf(claims: unknown): Identity | null {
  if (typeof claims !== 'object' || claims === null) return null;
  const { sub, role, ledgers, exp } = claims as Record<string, unknown>;
  const known = ROLES.find((name) => name === role);
  const isNamed = typeof sub === 'string' && sub.length > 0 && sub.length <= SUBJECT_LENGTH_MAX;
  if (!isNamed || known === undefined || !isTexts(ledgers)) return null;
  const expiry = typeof exp === 'number' && { expiresAtMs: exp * MS_PER_SECOND };
  return { subject: sub, role: known, ledgers, ...expiry };
}

/** Administrators reach every ledger; others those that their token names. */
export function reaches({ role, ledgers }: Identity, ledger: string): boolean {
  return role === 'admin' || ledgers.includes(ledger) || ledgers.includes(ALL_LEDGERS);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
