// Who makes a call, by the `authorization` header it carries. A password is slow to check on purpose,
// so one that was right is remembered as a digest under a key of this process, for as long as nothing
// about its user changes. Somebody who guesses keeps nobody waiting who is known already.
import { createHmac, randomBytes } from 'node:crypto';
import { type Caller } from './access-decision.js';
import { parseCredentials, type Credentials } from './credentials.js';
import { unauthenticated } from './errors.js';
import { isPassword } from './password.js';
import { type StoredUser, type Users } from './users.js';

/** Rejects with UNAUTHENTICATED, or with UNAVAILABLE if too many others wait to be checked. */
export type Authenticate = (header: string | undefined) => Promise<Caller>;

const REMEMBERED_MAX = 1000;

export function createAuthenticator(users: Users): Authenticate {
  const key = randomBytes(32);
  /** By digest of name and password: the position of the record that they were right for. */
  const right = new Map<string, number>();
  const checking = new Map<string, Promise<boolean>>();

  const check = (digest: string, { password }: Credentials, user: StoredUser) => {
    // Many calls of a new connection come with the same credentials at once.
    const underWay = checking.get(digest);
    if (underWay) return underWay;
    const checked = isPassword(password, user.password);
    checking.set(digest, checked);
    void checked.catch(() => {}).finally(() => checking.delete(digest));
    return checked;
  };

  return async (header) => {
    const credentials = parseCredentials(header);
    if (credentials === 'none') return undefined;
    if (credentials === 'malformed') throw unauthenticated();
    const user = users.find(credentials.name);
    if (!user || user.disabled) throw unauthenticated();
    const digest = createHmac('sha256', key)
      .update(JSON.stringify([user.position, credentials.name, credentials.password]))
      .digest('base64');
    if (right.get(digest) !== user.position) {
      if (!(await check(digest, credentials, user))) throw unauthenticated();
      if (right.size >= REMEMBERED_MAX) right.clear();
      right.set(digest, user.position);
    }
    return { name: user.loginName, groups: user.groups };
  };
}
