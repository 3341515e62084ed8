// Who was verified lately. Verifying a signature takes as long as all the rest of a small request, and
// callers send the same token with each of theirs.
import { hash } from 'node:crypto';
import { type Identity } from './identity.js';

/** Tokens remembered at most; the one remembered longest ago gives way. */
const TOKENS_MAX = 10_000;
/** After that a token is verified again: keys are withdrawn, too. */
export const TRUSTED_MS = 60_000;

interface Verified {
  readonly identity: Identity;
  readonly untilMs: number;
}

export class VerifiedTokens {
  /** By a hash of the header: tokens themselves are not kept. */
  private readonly verified = new Map<string, Verified>();

  constructor(private readonly tokensMax = TOKENS_MAX) {}

  /** Whom an `Authorization` header stands for, if it was verified lately. */
  identityOf(authorization: string, nowMs: number): Identity | undefined {
    const known = this.verified.get(keyOf(authorization));
    return known && nowMs < known.untilMs ? known.identity : undefined;
  }

  /** After a header was verified; milliseconds since 1970. */
  remember(authorization: string, identity: Identity, nowMs: number): void {
    const untilMs = Math.min(identity.expiresAtMs ?? Infinity, nowMs + TRUSTED_MS);
    const key = keyOf(authorization);
    this.verified.delete(key);
    this.verified.set(key, { identity, untilMs });
    if (this.verified.size <= this.tokensMax) return;
    const [oldest] = this.verified.keys();
    if (oldest !== undefined) this.verified.delete(oldest);
  }
}

function keyOf(authorization: string): string {
  return hash('sha256', authorization, 'base64');
}
