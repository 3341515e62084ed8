// Bearer tokens, checked as Daybook does: signature, algorithm, expiry, role and ledgers, on each request.
import { createSecretKey } from 'node:crypto';
import jsonwebtoken from 'jsonwebtoken';

const PREFIX = 'Bearer ';
const WRITERS = ['operator', 'admin'];

/** True when whoever sent this header may post transfers to the ledger. */
export type MayPost = (authorization: string | undefined, ledger: string) => boolean;

export function bearerCheck(secret: string): MayPost {
  const key = createSecretKey(Buffer.from(secret));
  return (authorization, ledger) => {
    if (!authorization?.startsWith(PREFIX)) return false;
    try {
      const claims = jsonwebtoken.verify(authorization.slice(PREFIX.length), key, {
        algorithms: ['HS256'],
      });
      if (typeof claims === 'string') return false;
      const { role, ledgers } = claims as { role?: unknown; ledgers?: unknown };
      if (!WRITERS.includes(role as string) || !Array.isArray(ledgers)) return false;
      return role === 'admin' || ledgers.includes('*') || ledgers.includes(ledger);
    } catch {
      return false;
    }
  };
}
