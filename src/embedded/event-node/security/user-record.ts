// A user as the log holds him: the JSON of the last event of his stream, with the names that the real
// server uses. What cannot be understood is nobody, so that it can open nothing.
import { type PasswordHash } from './password.js';

export interface UserRecord {
  loginName: string;
  fullName: string;
  groups: string[];
  disabled: boolean;
  password: PasswordHash;
}

export function encodeUserRecord({ password, ...user }: UserRecord): Buffer {
  const { salt, hash, cost } = password;
  return Buffer.from(JSON.stringify({ ...user, salt, hash, scrypt: cost }));
}

/** Undefined if it is not a user. */
export function decodeUserRecord(data: Buffer): UserRecord | undefined {
  const value = parsed(data);
  if (!isStored(value)) return undefined;
  const { loginName, fullName, groups, disabled, salt, hash, scrypt: cost } = value;
  return { loginName, fullName, groups, disabled, password: { salt, hash, cost } };
}

type StoredUser = Omit<UserRecord, 'password'> &
  Omit<PasswordHash, 'cost'> & { scrypt: PasswordHash['cost'] };

function parsed(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString());
  } catch {
    return undefined;
  }
}

function isStored(value: unknown): value is StoredUser {
  if (typeof value !== 'object' || value === null) return false;
  const field = (name: string): unknown => Reflect.get(value, name);
  const cost = field('scrypt');
  return (
    ['loginName', 'fullName', 'salt', 'hash'].every((name) => typeof field(name) === 'string') &&
    typeof field('disabled') === 'boolean' &&
    isListOfTexts(field('groups')) &&
    typeof cost === 'object' &&
    cost !== null &&
    ['N', 'r', 'p'].every((name) => Number.isSafeInteger(Reflect.get(cost, name)))
  );
}

const isListOfTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
