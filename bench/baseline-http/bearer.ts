// Bearer tokens, checked exactly as Daybook does, so that nobody wins by that: signature, algorithm, expiry,
// role and ledgers, with the same memory of tokens that were verified lately.
import { createSecretKey } from 'node:crypto';
import jsonwebtoken from 'jsonwebtoken';
import { type Identity, identityOf, reaches } from '../../src/identity/identity.js';
import { mayDo } from '../../src/identity/permissions.js';
import { VerifiedTokens } from '../../src/identity/verified-tokens.js';

const PREFIX = 'Bearer ';

/** True when whoever sent this header may post transfers to the ledger. */
export type MayPost = (authorization: string | undefined, ledger: string) => boolean;

export function bearerCheck(secret: string): MayPost {
  const key = createSecretKey(Buffer.from(secret));
  const tokens = new VerifiedTokens();
  const verified = (authorization: string): Identity | null => {
    const nowMs = Date.now();
    const known = tokens.identityOf(authorization, nowMs);
    if (known) return known;
    try {
      const token = authorization.slice(PREFIX.length);
      const identity = identityOf(jsonwebtoken.verify(token, key, { algorithms: ['HS256'] }));
      if (identity) tokens.remember(authorization, identity, nowMs);
      return identity;
    } catch {
      return null;
    }
  };
  return (authorization, ledger) => {
    if (!authorization?.startsWith(PREFIX)) return false;
    const identity = verified(authorization);
    return identity !== null && mayDo(identity.role, 'post-transfers') && reaches(identity, ledger);
  };
}
