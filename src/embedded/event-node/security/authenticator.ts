// Who makes a call, by the `authorization` header it carries. A password is slow to check on purpose,
// so one that was right is remembered as a digest under a key of this process, for as long as nothing
// about its user changes. Somebody who guesses keeps nobody waiting who is known already, and does not
// learn by the time it takes whether there is such a user.
import { createHmac, randomBytes } from 'node:crypto';
import { type Caller } from './access-decision.js';
import { parseCredentials, type Credentials } from './credentials.js';
import { unauthenticated } from './errors.js';
import { isPassword, passwordOfNobody, type PasswordHash } from './password.js';
import { type Users } from './users.js';

/** Rejects with UNAUTHENTICATED, or with UNAVAILABLE if too many others wait to be checked. */
export type Authenticate = (header: string | undefined) => Promise<Caller>;

const REMEMBERED_MAX = 1000;

export function createAuthenticator(users: Users): Authenticate {
  const key = randomBytes(32);
  const nobodys = passwordOfNobody();
  /** By digest of name and password: the position of the record that they were right for. */
  const right = new Map<string, number>();
  const checking = new Map<string, Promise<boolean>>();

  const digestOf = ({ name, password }: Credentials, position: number | undefined) =>
    createHmac('sha256', key)
      .update(JSON.stringify([position, name, password]))
      .digest('base64');
  const check = (digest: string, password: string, hash: PasswordHash) => {
    // Many calls of a new connection come with the same credentials at once.
    const underWay = checking.get(digest);
    if (underWay) return underWay;
    const checked = isPassword(password, hash);
    checking.set(digest, checked);
    void checked.catch(() => {}).finally(() => checking.delete(digest));
    return checked;
  };

  return async (header) => {
    const credentials = parseCredentials(header);
    if (credentials === 'none') return undefined;
    if (credentials === 'malformed') throw unauthenticated();
    const found = users.find(credentials.name);
    const user = found?.disabled ? undefined : found;
    const digest = digestOf(credentials, user?.position);
    if (!user || right.get(digest) !== user.position) {
      const isRight = await check(digest, credentials.password, user?.password ?? nobodys);
      if (!user || !isRight) throw unauthenticated();
      if (right.size >= REMEMBERED_MAX) right.clear();
      right.set(digest, user.position);
    }
    return { name: user.loginName, groups: user.groups };
  };
}
