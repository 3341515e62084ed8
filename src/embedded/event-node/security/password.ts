// Passwords at rest: scrypt with a salt of its own for each, and its cost beside it, so that the cost
// can be raised later without locking anybody out. Passwords take turns, so that those who guess leave
// the threads of the process to the work on the disk.
import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';
import { createTurns } from './turns.js';

export interface PasswordHash {
  /** Base64. */
  salt: string;
  /** Base64. */
  hash: string;
  cost: ScryptCost;
}

/** The parameters N, r and p of scrypt. */
export interface ScryptCost {
  N: number;
  r: number;
  p: number;
}

const COST: ScryptCost = { N: 16_384, r: 8, p: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** 16 MiB suffice for the cost above; a record that asks for much more is not taken at its word. */
const MEMORY = { maxmem: 64 * 1024 * 1024 };

const turns = createTurns({ atATime: 2, waitingMax: 64 });
const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** Rejects with UNAVAILABLE if too many wait already. */
export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await turns.take(() => derive(password, salt, HASH_BYTES, { ...COST, ...MEMORY }));
  return { salt: salt.toString('base64'), hash: hash.toString('base64'), cost: COST };
}

/** What no password is right for; it takes as long to find out as for a password of today. */
export function passwordOfNobody(): PasswordHash {
  const [salt, hash] = [randomBytes(SALT_BYTES), randomBytes(HASH_BYTES)];
  return { salt: salt.toString('base64'), hash: hash.toString('base64'), cost: COST };
}

/** Rejects with UNAVAILABLE if too many wait already. */
export async function isPassword(
  password: string,
  { salt, hash, cost }: PasswordHash,
): Promise<boolean> {
  const expected = Buffer.from(hash, 'base64');
  const derived = await turns.take(() =>
    derive(password, Buffer.from(salt, 'base64'), expected.length, { ...cost, ...MEMORY }),
  );
  return timingSafeEqual(derived, expected);
}
